// A line drawn around villages: by hand, or, for the keyboard, around all that shows.
(function () {
  "use strict";

  const { report, keep } = window.phaenthi;
  const FINGER = 5;
  const look = { color: "#D55E00", weight: 2.5, dashArray: "6 5", fillColor: "#D55E00",
                 fillOpacity: 0.08, interactive: false };

  // streamlit-folium asks this name what has been drawn.
  const tellDrawn = (map, shape) => {
    window.drawnItems = shape ? L.featureGroup([shape]) : L.featureGroup();
    const drawn = shape ? [asFeature(shape)] : [];
    report(drawn[0] || { type: "Feature", properties: { drawn: "" }, geometry: null }, drawn);
  };

  function asFeature(shape) {
    const feature = shape.toGeoJSON(5);
    feature.properties = { drawn: "area" };
    return feature;
  }

  // A control of three buttons; it keeps its shape while reruns come and go.
  const Lasso = L.Control.extend({
    options: { position: "topright" },

    initialize(words) { L.Control.prototype.initialize.call(this); this.words = words; },

    onAdd(map) {
      this.map = map;
      const box = L.DomUtil.create("div", "leaflet-bar ph-lasso");
      box.setAttribute("role", "group");
      box.setAttribute("aria-label", this.words.title);
      const button = (name, mark, act) => {
        const made = L.DomUtil.create("button", `ph-lasso-${name}`, box);
        made.type = "button";
        made.title = this.words[name];
        made.setAttribute("aria-label", this.words[name]);
        made.innerHTML = mark;
        made.addEventListener("click", act);
        return made;
      };
      const picture = (path) => '<svg width="18" height="18" viewBox="0 0 18 18" fill="none" '
        + `stroke="currentColor" stroke-width="1.8" aria-hidden="true">${path}</svg>`;
      const line = '<path stroke-dasharray="3 2" d="M9 3c4.5 0 7 2 7 4.6S13 12 9 12 2 10.4 2 7.6 4.5 3 9 3Z"/>'
        + '<path d="M5 11c-1.5 1-1.5 3 .5 3.2S7 16.5 5 17"/>';
      this.draw = button("draw", picture(line), () => this.arm(!this.armed));
      const corners = '<path d="M2 6V3h4M12 3h4v3M16 12v3h-4M6 15H2v-3"/><rect x="5.5" y="6" width="7" height="6"/>';
      button("view", picture(corners), () => this.take(this.corners()));
      this.clear = button("clear", picture('<path d="M4 4 14 14M14 4 4 14"/>'), () => this.take(null));
      this.draw.setAttribute("aria-pressed", "false");
      this.clear.hidden = true;
      L.DomEvent.disableClickPropagation(box);
      L.DomEvent.disableScrollPropagation(box);
      this.listen(map.getContainer());
      return box;
    },

    onRemove() {
      this.arm(false);
      if (this.shape) { this.shape.remove(); }
      this.listeners.forEach(([name, act]) => this.map.getContainer().removeEventListener(name, act, true));
    },

    listen(container) {
      this.listeners = [
        ["pointerdown", (event) => this.begin(event)],
        ["pointermove", (event) => this.go_on(event)],
        ["pointerup", (event) => this.end(event)],
        ["pointercancel", () => this.arm(false)],
        ["keydown", (event) => { if (event.key === "Escape") { this.arm(false); } }],
      ];
      this.listeners.forEach(([name, act]) => container.addEventListener(name, act, true));
    },

    arm(on) {
      this.armed = on;
      this.path = null;
      if (this.line) { this.line.remove(); this.line = null; }
      const container = this.map.getContainer();
      container.classList.toggle("ph-drawing", on);
      this.draw.setAttribute("aria-pressed", String(on));
      this.map.dragging[on ? "disable" : "enable"]();
    },

    begin(event) {
      if (!this.armed || !event.isPrimary || event.target.closest(".leaflet-control")) { return; }
      event.preventDefault();
      event.stopPropagation();
      this.map.getContainer().setPointerCapture(event.pointerId);
      this.path = [this.map.mouseEventToContainerPoint(event)];
      this.line = L.polyline([], look).addTo(this.map);
    },

    go_on(event) {
      if (!this.path) { return; }
      event.stopPropagation();
      const here = this.map.mouseEventToContainerPoint(event);
      if (here.distanceTo(this.path[this.path.length - 1]) < FINGER) { return; }
      this.path.push(here);
      this.line.addLatLng(this.map.containerPointToLatLng(here));
    },

    end(event) {
      if (!this.path) { return; }
      event.stopPropagation();
      const path = this.path;
      this.arm(false);
      // What follows the drawing is no click on a village.
      this.map.drawnAt = Date.now();
      const box = L.bounds(path).getSize();
      if (path.length < 3 || box.x < FINGER || box.y < FINGER) { return; }
      this.take(path.map((point) => this.map.containerPointToLatLng(point)));
    },

    corners() {
      const seen = this.map.getBounds();
      return [seen.getSouthWest(), seen.getSouthEast(), seen.getNorthEast(), seen.getNorthWest()];
    },

    take(corners) {
      if (this.shape) { this.shape.remove(); }
      this.shape = corners ? L.polygon(corners, look).addTo(this.map) : null;
      this.clear.hidden = !this.shape;
      tellDrawn(this.map, this.shape);
    },
  });

  // -- while this control is asked for it stays, with what was drawn -------------------------------

  function lasso(parent, words) {
    keep(parent, `lasso ${words.title}`, () => new Lasso(words));
  }

  window.phaenthi.lasso = lasso;
})();
