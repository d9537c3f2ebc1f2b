"""The village list (ทะเบียนหมู่บ้าน): a village a row."""

from __future__ import annotations

from phaenthi.layers.contracts.contract import Column, Contract, Kind
from phaenthi.layers.contracts.positions import POSITION_COLUMNS

VILLAGES_CONTRACT = Contract(
    name="villages",
    key=("village_code",),
    columns=(
        Column(
            "village_code",
            Kind.VILLAGE_CODE,
            required=True,
            aliases=(
                "village_code",
                "รหัสหมู่บ้าน",
                "รหัสหมู่บ้าน8หลัก",
                "รหัสพื้นที่หมู่บ้าน",
                "vill_code",
                "village_id",
                "villageid",
                "vill_id8",
                "รหัสมท",
                "รหัสหมู่",
            ),
        ),
        Column(
            "name_th",
            Kind.TEXT,
            aliases=(
                "name_th",
                "ชื่อหมู่บ้าน",
                "หมู่บ้าน",
                "ชื่อบ้าน",
                "village_name_th",
                "village_name",
                "vill_name",
                "vill_nam_t",
                "vill_t",
                "บ้าน",
            ),
            words="village_name",
        ),
        Column(
            "name_en",
            Kind.TEXT,
            aliases=("name_en", "ชื่อหมู่บ้านภาษาอังกฤษ", "village_name_en", "vill_nam_e", "vill_e"),
        ),
        *POSITION_COLUMNS,
    ),
)
