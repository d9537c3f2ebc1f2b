"""What a plot, a pond in it and the record of what became of it are: the layers' contracts."""

from __future__ import annotations

from phaenthi.layers.contracts.columns import VILLAGE_CODE_ALIASES
from phaenthi.layers.contracts.contract import Column, Contract, Kind


def _yes_no(name: str, *aliases: str) -> Column:
    return Column(name, Kind.YES_NO, aliases=(name, *aliases))


def _amount(name: str, unit: str, *aliases: str) -> Column:
    return Column(name, Kind.AMOUNT, unit=unit, aliases=(name, *aliases))


CONTRACT = Contract(
    name="plots",
    key=("plot_id",),
    of_people=True,
    columns=(
        Column(
            "plot_id",
            Kind.TEXT,
            required=True,
            aliases=(
                *("plot_id", "รหัสแปลง", "เลขที่แปลง", "หมายเลขแปลง", "เลขแปลง", "แปลงที่", "plot_no"),
                *("plot_code", "plot", "แปลง", "รหัส", "name"),
            ),
        ),
        Column(
            "village_code",
            Kind.VILLAGE_CODE,
            aliases=("รหัสหมู่บ้านที่ตั้งแปลง", "รหัสหมู่บ้านของแปลง", *VILLAGE_CODE_ALIASES),
        ),
        Column(
            "tambon_code",
            Kind.CODE,
            aliases=("tambon_code", "รหัสตำบลที่ตั้งแปลง", "รหัสตำบล", "tam_code", "tambon_id"),
        ),
        Column("stated_village_code", Kind.VILLAGE_CODE),
        Column("stated_tambon_code", Kind.CODE),
        Column(
            "owner_tambon_code",
            Kind.CODE,
            personal=True,
            aliases=("owner_tambon_code", "รหัสตำบลเจ้าของ", "รหัสตำบลที่อยู่เจ้าของ", "รหัสตำบลภูมิลำเนา"),
        ),
        Column(
            "plot_model",
            Kind.TEXT,
            aliases=("plot_model", "แบบแปลง", "ประเภทแปลง", "รูปแบบ", "hlm_clm"),
        ),
        _amount("area_square_metres", "square_metres", "ตารางเมตร", "ตรม", "sqm", "area_sqm"),
        Column(
            "title_type",
            Kind.TEXT,
            aliases=("title_type", "ประเภทเอกสารสิทธิ์", "เอกสารสิทธิ์", "ประเภทที่ดิน", "โฉนด", "title"),
        ),
        _yes_no("agency_permission", "หน่วยงานอนุญาตแล้ว", "หนังสืออนุญาต", "ได้รับอนุญาตใช้พื้นที่"),
        _yes_no("owner_consent", "เจ้าของยินยอม", "เจ้าของแปลงยินยอม", "หนังสือยินยอม", "ยินยอม"),
        _yes_no("documents_complete", "เอกสารครบถ้วน", "เอกสารครบ", "เอกสารถูกต้องครบถ้วน"),
        _yes_no("steep", "ลาดชัน", "พื้นที่ลาดชัน"),
        _yes_no("basin_or_flow_path", "แอ่งกระทะหรือทางน้ำผ่าน", "แอ่งกระทะ", "ทางน้ำผ่าน", "จุดรับน้ำ"),
        _yes_no("boulders", "โขดหิน", "โขดหินมาก"),
        _yes_no("near_waste", "ใกล้น้ำเสียหรือของเสียอันตราย", "ใกล้น้ำเสีย", "ใกล้ของเสีย"),
        _yes_no("valley", "หุบเขา"),
        _yes_no("many_large_trees", "ต้นไม้ใหญ่จำนวนมาก", "ต้นไม้ใหญ่"),
        _yes_no("remote", "ห่างไกล"),
        Column("judged_by", Kind.TEXT, aliases=("judged_by", "ผู้ตรวจ", "ตรวจโดย", "ผู้ตรวจแปลง")),
        Column("judged_on", Kind.TEXT, aliases=("judged_on", "วันที่ตรวจ", "ตรวจเมื่อ", "วันตรวจแปลง")),
        _amount("water_percent", "percent", "ร้อยละแหล่งน้ำ", "แหล่งน้ำ", "สัดส่วนแหล่งน้ำ"),
        _amount("rice_percent", "percent", "ร้อยละนาข้าว", "นาข้าว", "สัดส่วนนาข้าว"),
        _amount("garden_percent", "percent", "ร้อยละพืชสวนป่า", "พืชสวนป่า", "สัดส่วนพืชสวน"),
        _amount("dwelling_percent", "percent", "ร้อยละที่อยู่อาศัย", "ที่อยู่อาศัย", "สัดส่วนที่อยู่อาศัย"),
        _amount("pond_depth_metres", "metres", "ความลึกสระ", "ลึก", "ความลึก", "pond_depth"),
        _amount("pond_width_metres", "metres", "ความกว้างสระ", "กว้าง", "pond_width"),
        _amount("pond_length_metres", "metres", "ความยาวสระ", "ยาว", "pond_length"),
        _amount("pond_side_slope", "metres_across", "ลาดข้างสระ", "ลาดข้าง", "side_slope"),
        _amount(
            "pond_setback_metres",
            "metres",
            *("ระยะห่างจากเขตที่ดิน", "ระยะร่น", "ระยะห่างสระจากแนวเขต", "setback"),
        ),
        _yes_no("engineer_certified", "วิศวกรรับรอง", "วิศวกรรับรองแล้ว"),
        Column("status", Kind.TEXT, aliases=("status", "สถานะ", "สถานะแปลง", "ผลการพิจารณา")),
        Column("reserve_place", Kind.COUNT, aliases=("reserve_place", "ลำดับสำรอง", "สำรองลำดับที่")),
        Column("geometry", Kind.GEOMETRY),
    ),
)

PONDS = Contract(
    name="plot_ponds",
    key=("pond_id",),
    columns=(
        Column(
            "pond_id", Kind.TEXT, required=True, aliases=("pond_id", "รหัสสระ", "เลขที่สระ", "name")
        ),
        Column("plot_id", Kind.TEXT, required=True, aliases=("plot_id", "รหัสแปลง", "เลขที่แปลง")),
        _amount("pond_depth_metres", "metres", "ความลึกสระ", "ลึก", "ความลึก", "depth"),
        _amount("pond_side_slope", "metres_across", "ลาดข้างสระ", "ลาดข้าง", "side_slope"),
        Column("geometry", Kind.GEOMETRY, required=True),
    ),
)
"""Ponds drawn as polygons in the plots; without them the plot's own columns are what is known."""

LOG = Contract(
    name="plot_log",
    key=("plot_id", "step"),
    columns=(
        Column("plot_id", Kind.TEXT, required=True),
        Column("step", Kind.COUNT, required=True),
        Column("status", Kind.TEXT, required=True),
        Column("decided_on", Kind.TEXT, required=True),
        Column("decided_by", Kind.TEXT, required=True),
        Column("reason", Kind.TEXT),
        Column("replaces", Kind.TEXT),
    ),
)
"""Each change of a plot's state: the day (ISO), a role and a reason of a list, and no names."""
