"""The page that a good analyst would write today: geopandas, folium and streamlit-folium alone.

``benchmarks.map_pages`` serves it beside the app, on the same areas and villages.
"""

import os
from pathlib import Path

import folium
import geopandas as gpd
import pandas as pd
import streamlit as st
from folium.plugins import FastMarkerCluster
from streamlit_folium import st_folium

FOLDER = Path(os.environ["PLAIN_MAP_DATA"])
EVERYWHERE = "all"


@st.cache_data
def read_areas(level: str) -> gpd.GeoDataFrame:
    """Read areas with their value, simplified as maps on the web are."""
    areas = gpd.read_parquet(FOLDER / f"{level}.parquet")
    return areas.set_geometry(areas.simplify_coverage(0.002))


@st.cache_data
def read_villages() -> pd.DataFrame:
    """Read code, name, longitude, latitude and value of the villages that have a point."""
    return pd.read_parquet(FOLDER / "village.parquet")


def show() -> None:
    """Draw the page: a province or all, areas by value, villages on them, what was clicked."""
    st.set_page_config(layout="wide")
    provinces = [EVERYWHERE, *sorted(read_areas("province")["code"])]
    asked = st.query_params.get("area", EVERYWHERE)
    province = st.selectbox("Area", provinces, index=provinces.index(asked))
    level = st.query_params.get("level", "tambon") if province == EVERYWHERE else "amphoe"
    areas, villages = read_areas(level), read_villages()
    if province != EVERYWHERE:
        areas = areas[areas["code"].str.startswith(province)]
        villages = villages[villages["code"].str.startswith(province)]
    west, south, east, north = areas.total_bounds
    drawn = folium.Map(tiles=None, prefer_canvas=True)
    drawn.fit_bounds([[south, west], [north, east]])
    colours = ["#ffffcc", "#a1dab4", "#41b6c4", "#2c7fb8", "#253494"]
    classes = pd.qcut(areas["value"].rank(method="first"), 5, labels=False)
    areas = areas.assign(colour=[colours[int(number)] for number in classes])
    folium.GeoJson(
        areas[["code", "name_th", "value", "colour", "geometry"]],
        style_function=lambda area: {
            "fillColor": area["properties"]["colour"],
            "color": "white",
            "weight": 0.5,
            "fillOpacity": 0.9,
        },
        tooltip=folium.GeoJsonTooltip(["name_th", "value"]),
    ).add_to(drawn)
    if st.query_params.get("villages") == "all":
        FastMarkerCluster(villages[["latitude", "longitude"]].to_numpy().tolist()).add_to(drawn)
    elif province != EVERYWHERE:
        for row in villages.itertuples():
            folium.CircleMarker(
                [row.latitude, row.longitude], radius=3, tooltip=f"{row.name_th} {row.code}"
            ).add_to(drawn)
    answer = st_folium(
        drawn,
        use_container_width=True,
        height=440,
        returned_objects=["last_active_drawing", "last_object_clicked_tooltip"],
    )
    chosen = (answer["last_active_drawing"] or {}).get("properties", {})
    st.subheader(f"Chosen: {chosen.get('code', '')}")
    st.write(answer["last_object_clicked_tooltip"])
    st.dataframe(areas.drop(columns="geometry"))


show()
