// What Leaflet lacks for these maps: layers that outlast a rerun, names, a highlight, furniture.
(function () {
  "use strict";

  // A finger needs more room than a pointer.
  const FINGER = L.Browser.mobile ? 9 : 3;
  L.Canvas.mergeOptions({ tolerance: FINGER });

  // Leaflet focuses the map at every click; only who came by the keyboard needs to see it.
  const by = (pointer) => () => document.documentElement.classList.toggle("ph-pointer", pointer);
  document.addEventListener("pointerdown", by(true), true);
  document.addEventListener("keydown", by(false), true);

  // Text of the registers is data, not markup.
  const text = (value) => {
    const box = document.createElement("span");
    box.textContent = value;
    return box.innerHTML;
  };

  // -- what a click tells the page: properties, never a geometry ------------------------------------

  // At once, without the quarter of a second that streamlit-folium waits before it tells.
  function report(feature, drawn) {
    const data = window.__GLOBAL_DATA__;
    if (!data || !window.Streamlit) { return; }
    data.last_object_clicked_count += 1;
    data.last_active_drawing = feature;
    if (drawn !== undefined) { data.all_drawings = drawn; }
    // Who asked for everything is told as streamlit-folium tells it.
    if (!Array.isArray(data.returned_objects)) { window.map.fire("moveend"); return; }
    const answer = answered(data);
    if (JSON.stringify(answer) === JSON.stringify(data.previous_data)) { return; }
    data.previous_data = answer;
    window.Streamlit.setComponentValue(answer);
  }

  // In the order in which streamlit-folium lists them, so that it finds nothing new to tell.
  function answered(data) {
    const listed = ["last_object_clicked_count", "all_drawings", "last_active_drawing"];
    const wanted = listed.filter((name) => data.returned_objects.includes(name));
    return Object.fromEntries(wanted.map((name) => [name, data[name]]));
  }

  // A new map has nothing to tell: without this the page would run a second time for nothing.
  if (window.__GLOBAL_DATA__ && Array.isArray(window.__GLOBAL_DATA__.returned_objects)) {
    window.__GLOBAL_DATA__.previous_data = answered(window.__GLOBAL_DATA__);
  }

  // -- reading what is large: from this page, or once from this machine ------------------------------

  const held = new Map();

  const address = (source) => (source && typeof source.at === "string" ? source.at : undefined);

  // What the same source is known by; what is written into the page is known by its words.
  const known = (source) => address(source) || JSON.stringify(source);

  function read(source) {
    const at = address(source);
    if (at === undefined) { return Promise.resolve(source); }
    if (!held.has(at)) {
      held.set(at, fetch(at).then((answer) => {
        if (!answer.ok) { held.delete(at); throw new Error(`${at}: ${answer.status}`); }
        return answer.json();
      }));
    }
    return held.get(at);
  }

  // -- layers that outlast a rerun --------------------------------------------------------------------

  function whenOnMap(layer, act) {
    if (layer instanceof L.Map) { act(layer); return; }
    if (layer._map) { act(layer._map); return; }
    layer.once("add", () => act(layer._map));
  }

  // A rerun takes every group off the map and puts new ones on. What is asked for again in the same
  // words stays as it stands; what is not goes only when all that takes its place is there, so that
  // the map is never blank between the two. Of the same rank, the later lies on top.
  function keep(parent, key, make, rank = 0) {
    whenOnMap(parent, (map) => {
      map.kept = map.kept || new Map();
      if (!map.kept.has(key)) { map.kept.set(key, begin(map, make, rank)); }
      const entry = map.kept.get(key);
      entry.askers.add(parent);
      if (parent !== map) {
        parent.once("remove", () => { entry.askers.delete(parent); settleSoon(map); });
      }
      settleSoon(map);
    });
  }

  function begin(map, make, rank) {
    const entry = { askers: new Set(), rank, made: null, waiting: true };
    Promise.resolve(make(map))
      .then((made) => { entry.made = made; })
      .catch((reason) => console.error(reason))
      .finally(() => { entry.waiting = false; settle(map); });
    return entry;
  }

  const settleSoon = (map) => queueMicrotask(() => settle(map));

  function settle(map) {
    if (!map.kept) { map.kept = new Map(); }
    const wanted = [...map.kept.values()].filter((entry) => entry.askers.size);
    if (wanted.some((entry) => entry.waiting)) { return; }
    for (const [key, entry] of map.kept) {
      if (entry.askers.size || entry.waiting) { continue; }
      map.kept.delete(key);
      if (entry.made) { entry.made.remove(); }
    }
    if (map.moveWhenSettled) { map.moveWhenSettled(); map.moveWhenSettled = null; }
    const fresh = wanted.filter((entry) => entry.made && !entry.made._map);
    if (!fresh.length) { return; }
    fresh.forEach((entry) => entry.made.addTo(map));
    wanted.sort((one, other) => one.rank - other.rank).forEach((entry) => {
      if (entry.made && entry.made.bringToFront) { entry.made.bringToFront(); }
    });
    drawNow(new Set(fresh.map((entry) => entry.made._renderer).filter(Boolean)));
  }

  // Leaflet draws in the next frame; until then the canvas would stand empty.
  function drawNow(renderers) {
    renderers.forEach((renderer) => {
      L.Util.cancelAnimFrame(renderer._redrawRequest);
      renderer._redrawBounds = null;
      renderer._redraw();
    });
  }

  // -- pointing at what is drawn -----------------------------------------------------------------------

  // Layers with a method `find(latlng, reach)` tell what lies there: { properties, tip, at, mark }.
  function found(map, latlng) {
    const layers = [...(map.kept || new Map()).values()]
      .filter((entry) => entry.made && entry.made._map && entry.made.find)
      .sort((one, other) => other.rank - one.rank);
    const reach = FINGER / (256 * 2 ** map.getZoom());
    for (const rings of [false, true]) {
      for (const { made } of layers) {
        const hit = made.find(latlng, reach, rings);
        if (hit) { return hit; }
      }
    }
    return null;
  }

  function watch(map) {
    if (map.watched) { return; }
    map.watched = true;
    const tip = L.tooltip({ className: "ph-tip", direction: "top" });
    let shown = null;
    let due = null;
    const point = (hit, latlng) => {
      map.getContainer().classList.toggle("ph-over", Boolean(hit));
      const is = hit && JSON.stringify(hit.properties);
      if (shown && (!hit || shown.is !== is)) {
        if (shown.mark) { shown.mark.remove(); }
        map.closeTooltip(tip);
        shown = null;
      }
      if (!hit) { return; }
      if (!shown) {
        shown = { is, mark: hit.mark && hit.mark() };
        if (shown.mark) { shown.mark.addTo(map); }
        tip.options.offset = L.point(0, -(hit.clear || 8));
        tip.setContent(hit.tip).setLatLng(hit.at || latlng);
        if (hit.tip) { map.openTooltip(tip); }
      } else if (!hit.at) { tip.setLatLng(latlng); }
    };
    map.on("mousemove", (event) => {
      if (due === null) {
        requestAnimationFrame(() => { point(busy(map) ? null : found(map, due), due); due = null; });
      }
      due = event.latlng;
    });
    map.on("mouseout movestart zoomstart", () => point(null));
    map.on("click", (event) => choose(map, event.latlng));
    // By the keyboard: what lies under the cross in the middle.
    map.getContainer().addEventListener("keydown", (event) => {
      if (event.key === "Enter" && event.target === map.getContainer()) {
        choose(map, map.getCenter());
      }
    });
  }

  const busy = (map) => map.getContainer().classList.contains("ph-drawing");

  function choose(map, latlng) {
    // What ends a drawing is no click on what lies there.
    if (busy(map) || Date.now() - (map.drawnAt || 0) < 400) { return; }
    const hit = found(map, latlng);
    if (hit) { report({ type: "Feature", geometry: null, properties: hit.properties }); }
  }

  // -- names -------------------------------------------------------------------------------------------

  // Names come by importance: one that would cover an earlier one stays away at this zoom.
  const NAMES_AT_ONCE = 250;

  function makeRoom(map) {
    const kept = [];
    map.getPane("markerPane").querySelectorAll(".ph-name span").forEach((label) => {
      const box = label.getBoundingClientRect();
      const covered = kept.some((other) => box.left < other.right && box.right > other.left
        && box.top + 3 < other.bottom && box.bottom - 3 > other.top);
      label.style.visibility = covered ? "hidden" : "visible";
      if (!covered) { kept.push(box); }
    });
  }

  // Only what shows is in the page: a country has thousands of names.
  const Names = L.LayerGroup.extend({
    initialize(places, look) {
      L.LayerGroup.prototype.initialize.call(this);
      this.places = places;
      this.look = look;
    },

    getEvents() { return { moveend: this.lay }; },

    onAdd(map) { this.lay(map); },

    onRemove(map) { this.clearLayers(); L.LayerGroup.prototype.onRemove.call(this, map); },

    lay() {
      const map = this._map;
      this.clearLayers();
      if (map.getZoom() >= this.look.from_zoom) {
        const seen = map.getBounds().pad(0.1);
        this.places.filter(([latitude, longitude]) => seen.contains([latitude, longitude]))
          .slice(0, NAMES_AT_ONCE)
          .forEach((place) => this.addLayer(label(place, this.look.rank)));
      }
      // Labels have their places only when the browser has drawn them.
      requestAnimationFrame(() => makeRoom(map));
    },
  });

  const label = ([latitude, longitude, name], rank) => L.marker([latitude, longitude], {
    interactive: false, keyboard: false,
    icon: L.divIcon({ className: `ph-name ph-name-${rank}`, iconSize: null,
                      html: `<span>${text(name)}</span>` }),
  });

  // Places are [latitude, longitude, name], or stand in a file of areas in one of its languages.
  function names(parent, places, look) {
    const source = places.of === undefined ? places : places.of;
    const make = () => read(source).then((file) =>
      new Names(places.of === undefined ? file : namesOf(file, places.language), look));
    keep(parent, `names ${known(source)} ${JSON.stringify(look)} ${places.language}`, make);
  }

  const namesOf = (file, language) => file.widest.map((index) => [
    file.places[2 * index + 1] / file.grid, file.places[2 * index] / file.grid,
    file[language][index],
  ]);

  // -- one place that stands out -------------------------------------------------------------------------

  function highlight(parent, point, name) {
    keep(parent, `highlight ${point} ${name}`, (map) => {
      const ring = (color, weight) => L.circleMarker(point, {
        radius: 13, color, weight, fill: false, interactive: false });
      const chosen = ring("#1b1b1b", 2.5);
      const group = L.featureGroup([ring("#ffffff", 6), chosen]);
      // After the map has come to rest: a frame may still move it.
      group.once("add", () => requestAnimationFrame(() => {
        if (!map.hasLayer(chosen)) { return; }
        if (!map.getBounds().contains(point)) { map.panTo(point, { animate: false }); }
        const below = map.latLngToContainerPoint(point).y < 70;
        chosen.bindTooltip(text(name), {
          permanent: true, direction: below ? "bottom" : "top", offset: [0, below ? 12 : -12],
          className: "ph-tip ph-tip-chosen" });
      }));
      return group;
    }, 9);
  }

  // -- the view ------------------------------------------------------------------------------------------

  // Only a new wish moves the map; a redraw leaves it where the reader put it. Who comes back from
  // another page, or reloads this one, finds the map where it was left.
  function leftAt(wish) {
    try { return JSON.parse(sessionStorage.getItem(`phaenthi ${wish}`)); } catch { return null; }
  }

  function leave(map) {
    const { lat, lng } = map.getCenter();
    const view = JSON.stringify([[lat, lng], map.getZoom()]);
    try { sessionStorage.setItem(`phaenthi ${map.framed}`, view); } catch { /* storage is closed */ }
  }

  // How far from the left edge the view begins: beside a panel, as far as it gets no smaller by that.
  function besidePanel(map, bounds) {
    const box = map.getContainer().querySelector(".leaflet-left .ph-panel");
    if (!box) { return 8; }
    const zoom = map.getBoundsZoom(bounds, false, L.point(16, 16));
    const [west, east] = bounds.map((corner) => map.project(corner, zoom).x);
    const free = map.getSize().x - Math.abs(east - west) - 10;
    return Math.max(8, Math.min(box.offsetLeft + box.offsetWidth + 18, free));
  }

  function frame(parent, bounds) {
    const wish = JSON.stringify(bounds);
    whenOnMap(parent, (map) => {
      if (map.framed === wish) { return; }
      const isNew = map.framed === undefined;
      const before = isNew ? leftAt(wish) : null;
      map.framed = wish;
      // Not before there is something to see: until then the map shows what it did.
      map.moveWhenSettled = () => {
        if (isNew) { map.on("moveend", () => leave(map)); }
        if (before) { map.setView(...before, { animate: false }); return; }
        map.fitBounds(bounds, { paddingTopLeft: [besidePanel(map, bounds), 8],
          paddingBottomRight: [8, 8], animate: false });
      };
      settleSoon(map);
    });
  }

  // -- furniture -------------------------------------------------------------------------------------------

  // Thai maps measure in kilometres.
  const scale = (map) => L.control.scale({ imperial: false, position: "bottomright" }).addTo(map);

  // The base map of a server that the office names; whose it is stands in the corner as text.
  const tiles = (map, from, credit, maxZoom) =>
    L.tileLayer(from, { attribution: text(credit), maxZoom }).addTo(map);

  // A name and a hint for who does not see the map, in the language of the page.
  function describe(parent, words) {
    whenOnMap(parent, (map) => {
      map.getContainer().setAttribute("role", "application");
      map.getContainer().setAttribute("aria-label", words);
    });
  }

  const panels = {};

  function panel(parent, position, html) {
    const control = L.control({ position });
    control.onAdd = () => {
      const box = L.DomUtil.create("div", "ph-panel");
      box.innerHTML = html;
      L.DomEvent.disableClickPropagation(box);
      L.DomEvent.disableScrollPropagation(box);
      return box;
    };
    whenOnMap(parent, (map) => {
      if (panels[position]) { map.removeControl(panels[position]); }
      panels[position] = control.addTo(map);
    });
  }

  window.phaenthi = {
    names, highlight, frame, scale, tiles, panel, describe,
    read, known, keep, watch, report, text, whenOnMap,
  };
})();
