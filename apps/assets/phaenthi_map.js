// What Leaflet lacks for these maps: villages drawn in shapes, areas filled by code, a highlight.
(function () {
  "use strict";

  // A finger needs more room than a pointer.
  L.Canvas.mergeOptions({ tolerance: L.Browser.mobile ? 9 : 3 });

  // Leaflet focuses the map at every click; only who came by the keyboard needs to see it.
  const by = (pointer) => () => document.documentElement.classList.toggle("ph-pointer", pointer);
  document.addEventListener("pointerdown", by(true), true);
  document.addEventListener("keydown", by(false), true);

  // -- shapes on the canvas; a status is told by its shape as well as by its colour ----------------

  const outlines = {
    circle: (pen, x, y, r) => pen.arc(x, y, r, 0, 2 * Math.PI),
    diamond: (pen, x, y, r) => polygon(pen, [[x, y - r], [x + r, y], [x, y + r], [x - r, y]]),
    triangle: (pen, x, y, r) =>
      polygon(pen, [[x, y - r], [x + 0.95 * r, y + 0.7 * r], [x - 0.95 * r, y + 0.7 * r]]),
    square: (pen, x, y, r) => pen.rect(x - 0.85 * r, y - 0.85 * r, 1.7 * r, 1.7 * r),
    cross: (pen, x, y, r) => {
      const arm = 0.75 * r;
      pen.moveTo(x - arm, y - arm); pen.lineTo(x + arm, y + arm);
      pen.moveTo(x - arm, y + arm); pen.lineTo(x + arm, y - arm);
    },
  };

  function polygon(pen, corners) {
    corners.forEach(([x, y], index) => (index ? pen.lineTo(x, y) : pen.moveTo(x, y)));
    pen.closePath();
  }

  L.Canvas.include({
    _updateShape(layer) {
      if (!this._drawing || layer._empty()) { return; }
      const { x, y } = layer._point;
      this._ctx.beginPath();
      outlines[layer.options.shape](this._ctx, x, y, Math.max(layer._radius, 1));
      this._fillStroke(this._ctx, layer);
    },
  });

  const VillageMarker = L.CircleMarker.extend({
    _updatePath() { this._renderer._updateShape(this); },
  });

  // Symbols stay small where the whole country shows and grow towards the village.
  const growth = (zoom) => Math.min(1.7, Math.max(0.7, 1 + 0.16 * (zoom - 9.5)));

  // -- what a click tells the page: properties, never a geometry ------------------------------------

  const tell = (layer, properties) => {
    layer.toGeoJSON = () => ({ type: "Feature", geometry: null, properties });
  };

  // Text of the registers is data, not markup.
  const text = (value) => {
    const box = document.createElement("span");
    box.textContent = value;
    return box.innerHTML;
  };

  // -- reading geometry: from this page, or once from this machine -----------------------------------

  const held = new Map();

  function read(source, use) {
    if (typeof source !== "string") { use(source); return; }
    if (held.has(source)) { use(held.get(source)); return; }
    fetch(source)
      .then((answer) => {
        if (!answer.ok) { throw new Error(`${source}: ${answer.status}`); }
        return answer.json();
      })
      .then((collection) => { held.set(source, collection); use(collection); })
      .catch((reason) => console.error(reason));
  }

  // -- the layers -------------------------------------------------------------------------------------

  // Areas arrive in any order; rank 0 ends at the very back.
  function sinkInOrder(parent, group, rank) {
    parent.sunk = (parent.sunk || []).concat([{ group, rank }]);
    parent.sunk.sort((one, other) => other.rank - one.rank);
    parent.sunk.forEach((entry) => entry.group.bringToBack());
  }

  function areas(parent, source, look) {
    const group = L.featureGroup().addTo(parent);
    read(source, (collection) => {
      L.geoJSON(collection, {
        style: (feature) => {
          const fill = (look.fills || {})[feature.properties.code];
          return { ...look.line, fill: fill !== undefined || look.line.fill === true,
                   ...(fill === undefined ? {} : { fillColor: fill }),
                   interactive: look.interactive };
        },
        onEachFeature: (feature, layer) => {
          const code = feature.properties.code;
          tell(layer, { code });
          const note = (look.notes || {})[code];
          if (note !== undefined) {
            layer.bindTooltip(note.map(text).join("<br>"), { sticky: true, className: "ph-tip" });
          }
          if (look.interactive) {
            layer.on({
              mouseover: () => layer.setStyle({ weight: look.line.weight + 1.4 }),
              mouseout: () => layer.setStyle({ weight: look.line.weight }),
            });
          }
        },
      }).eachLayer((layer) => group.addLayer(layer));
      if (look.front) { group.bringToFront(); } else { sinkInOrder(parent, group, look.rank || 0); }
    });
    return group;
  }

  // Names come by importance: one that would cover an earlier one stays away at this zoom.
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

  function names(parent, places, look) {
    const group = L.layerGroup();
    places.forEach(([latitude, longitude, name]) => {
      L.marker([latitude, longitude], {
        interactive: false, keyboard: false,
        icon: L.divIcon({ className: `ph-name ph-name-${look.rank}`, iconSize: null,
                          html: `<span>${text(name)}</span>` }),
      }).addTo(group);
    });
    const showNear = (map) => {
      const near = map.getZoom() >= look.from_zoom;
      if (near && !parent.hasLayer(group)) { parent.addLayer(group); }
      if (!near && parent.hasLayer(group)) { parent.removeLayer(group); }
      // Labels have their places only when the browser has drawn them.
      if (near) { requestAnimationFrame(() => makeRoom(map)); }
    };
    whileOnMap(parent, showNear);
    return group;
  }

  function whenOnMap(layer, act) {
    if (layer instanceof L.Map) { act(layer); return; }
    if (layer._map) { act(layer._map); return; }
    layer.once("add", () => act(layer._map));
  }

  // Do something at once and after every zoom, until the layer leaves the map.
  function whileOnMap(layer, act) {
    whenOnMap(layer, (map) => {
      const onZoom = () => act(map);
      map.on("zoomend", onZoom);
      if (layer !== map) { layer.once("remove", () => map.off("zoomend", onZoom)); }
      act(map);
    });
  }

  function villages(parent, rows, looks) {
    const group = L.featureGroup().addTo(parent);
    const markers = rows.map(([code, latitude, longitude, status, name, place]) => {
      const look = looks[status];
      const marker = new VillageMarker([latitude, longitude], { ...look });
      marker.baseRadius = look.radius;
      marker.bindTooltip(
        `<b>${text(name)}</b><br>${text(place)}<br>${text(look.label)}`,
        { className: "ph-tip", direction: "top", offset: [0, -look.radius] });
      tell(marker, { village_code: code });
      return marker.addTo(group);
    });
    const resize = (map) => {
      const factor = growth(map.getZoom());
      markers.forEach((marker) => marker.setRadius(marker.baseRadius * factor));
    };
    whileOnMap(parent, resize);
    return group;
  }

  function highlight(parent, point, name) {
    const ring = (color, weight) => L.circleMarker(point, {
      radius: 13, color, weight, fill: false, interactive: false }).addTo(parent);
    ring("#ffffff", 6);
    const chosen = ring("#1b1b1b", 2.5);
    // After the map has come to rest: a frame may still move it.
    whenOnMap(parent, (map) => requestAnimationFrame(() => {
      if (!map.hasLayer(chosen)) { return; }
      if (!map.getBounds().contains(point)) { map.panTo(point, { animate: false }); }
      const below = map.latLngToContainerPoint(point).y < 70;
      chosen.bindTooltip(text(name), {
        permanent: true, direction: below ? "bottom" : "top", offset: [0, below ? 12 : -12],
        className: "ph-tip ph-tip-chosen" });
    }));
  }

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

  function frame(parent, bounds) {
    const wish = JSON.stringify(bounds);
    whenOnMap(parent, (map) => {
      if (map.framed === wish) { return; }
      const isNew = map.framed === undefined;
      const before = isNew ? leftAt(wish) : null;
      map.framed = wish;
      if (isNew) { map.on("moveend", () => leave(map)); }
      if (before) { map.setView(...before, { animate: false }); return; }
      map.fitBounds(bounds, { padding: [8, 8], animate: false });
    });
  }

  // Thai maps measure in kilometres.
  const scale = (map) => L.control.scale({ imperial: false, position: "bottomright" }).addTo(map);

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

  window.phaenthi = { areas, names, villages, highlight, frame, scale, panel };
})();
