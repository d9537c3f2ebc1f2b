// Thousands of areas as one layer: read from a compact file, drawn on the canvas, found by a point.
(function () {
  "use strict";

  const { read, known, keep, watch, text, whenOnMap } = window.phaenthi;

  // Leaflet's own projection, with the world one unit wide; a zoom only multiplies.
  const across = (longitude) => longitude / 360 + 0.5;
  const down = (latitude) =>
    0.5 - Math.log(Math.tan(Math.PI / 4 + (latitude * Math.PI) / 360)) / (2 * Math.PI);

  // -- the file: rings as steps on a grid ----------------------------------------------------------

  const unpacked = new WeakMap();

  function unpack(file) {
    if (unpacked.has(file)) { return unpacked.get(file); }
    const rings = file.shapes.flat();
    const corners = rings.reduce((sum, ring) => sum + ring.length / 2, 0);
    const shapes = {
      codes: file.codes,
      place: new Map(file.codes.map((code, index) => [code, index])),
      x: new Float64Array(corners), y: new Float64Array(corners),
      ringStart: new Uint32Array(rings.length + 1), areaStart: new Uint32Array(file.codes.length + 1),
      west: new Float64Array(file.codes.length).fill(Infinity),
      east: new Float64Array(file.codes.length).fill(-Infinity),
      north: new Float64Array(file.codes.length).fill(Infinity),
      south: new Float64Array(file.codes.length).fill(-Infinity),
    };
    let corner = 0;
    let number = 0;
    file.shapes.forEach((parts, area) => {
      parts.forEach((ring) => {
        let [longitude, latitude] = [0, 0];
        for (let step = 0; step < ring.length; step += 2, corner += 1) {
          longitude += ring[step];
          latitude += ring[step + 1];
          const x = across(longitude / file.grid);
          const y = down(latitude / file.grid);
          shapes.x[corner] = x;
          shapes.y[corner] = y;
          if (x < shapes.west[area]) { shapes.west[area] = x; }
          if (x > shapes.east[area]) { shapes.east[area] = x; }
          if (y < shapes.north[area]) { shapes.north[area] = y; }
          if (y > shapes.south[area]) { shapes.south[area] = y; }
        }
        number += 1;
        shapes.ringStart[number] = corner;
      });
      shapes.areaStart[area + 1] = number;
    });
    unpacked.set(file, shapes);
    return shapes;
  }

  function areaAt(shapes, x, y) {
    for (let area = 0; area < shapes.codes.length; area += 1) {
      if (x < shapes.west[area] || x > shapes.east[area]
        || y < shapes.north[area] || y > shapes.south[area]) { continue; }
      let inside = false;
      for (let ring = shapes.areaStart[area]; ring < shapes.areaStart[area + 1]; ring += 1) {
        const [first, end] = [shapes.ringStart[ring], shapes.ringStart[ring + 1]];
        for (let at = first, before = end - 1; at < end; before = at, at += 1) {
          if ((shapes.y[at] > y) !== (shapes.y[before] > y)
            && x < ((shapes.x[before] - shapes.x[at]) * (y - shapes.y[at]))
              / (shapes.y[before] - shapes.y[at]) + shapes.x[at]) { inside = !inside; }
        }
      }
      if (inside) { return area; }
    }
    return -1;
  }

  // -- drawing -------------------------------------------------------------------------------------

  // A corner nearer to the last one than this, in pixels, would not be seen.
  const UNSEEN = 0.6;

  // Lines grow thinner where more of the country shows; the thinnest would only veil the fill.
  const thinner = (zoom) => Math.min(1, Math.max(0.3, 1 + 0.2 * (zoom - 8.5)));
  const VEIL = 0.3;

  const Mosaic = L.Path.extend({
    // `fills` is a colour by area, `only` the one area to draw, `tips` a function of an area.
    initialize(shapes, line, { fills, only, tips } = {}) {
      L.setOptions(this, { ...line, interactive: false });
      Object.assign(this, { shapes, fills, tips });
      this.range = only === undefined ? [0, shapes.codes.length] : [only, only + 1];
      if (tips) { this.find = this.findArea; }
    },

    onAdd(map) {
      L.Path.prototype.onAdd.call(this, map);
      if (this.tips) { watch(map); }
    },

    _project() {
      const { shapes, range: [first, end] } = this;
      const size = 256 * 2 ** this._map.getZoom();
      const origin = this._map.getPixelOrigin();
      const least = (values) => values.slice(first, end).reduce((a, b) => Math.min(a, b), Infinity);
      const most = (values) => values.slice(first, end).reduce((a, b) => Math.max(a, b), -Infinity);
      const room = this.options.weight + 1;
      this._pxBounds = L.bounds(
        [least(shapes.west) * size - origin.x - room, least(shapes.north) * size - origin.y - room],
        [most(shapes.east) * size - origin.x + room, most(shapes.south) * size - origin.y + room]);
    },

    _update() {},

    _updatePath() {
      if (!this._renderer._drawing) { return; }
      const { shapes, fills, options, range: [first, end] } = this;
      const pen = this._renderer._ctx;
      const size = 256 * 2 ** this._map.getZoom();
      const origin = this._map.getPixelOrigin();
      const { min, max } = this._renderer._redrawBounds || this._renderer._bounds;
      const room = options.weight;
      const weight = options.weight * (end - first > 1 ? thinner(this._map.getZoom()) : 1);
      const [west, east] = [(min.x + origin.x - room) / size, (max.x + origin.x + room) / size];
      const [north, south] = [(min.y + origin.y - room) / size, (max.y + origin.y + room) / size];
      const filled = Boolean(fills) || options.fill;
      pen.lineWidth = Math.max(weight, VEIL);
      pen.lineJoin = "round";
      pen.strokeStyle = options.color;
      if (!filled) { pen.beginPath(); }
      for (let area = first; area < end; area += 1) {
        if (shapes.east[area] < west || shapes.west[area] > east
          || shapes.south[area] < north || shapes.north[area] > south) { continue; }
        if (filled) { pen.beginPath(); }
        trace(pen, shapes, area, size, origin);
        if (filled) {
          pen.globalAlpha = options.fillOpacity === undefined ? 1 : options.fillOpacity;
          pen.fillStyle = fills ? fills[area] : options.fillColor;
          pen.fill("evenodd");
          if (weight < VEIL) { pen.strokeStyle = pen.fillStyle; } else { pen.globalAlpha = 1; }
          pen.stroke();
          pen.globalAlpha = 1;
        }
      }
      if (!filled) { pen.stroke(); }
    },

    findArea(latlng) {
      const area = areaAt(this.shapes, across(latlng.lng), down(latlng.lat));
      if (area < 0) { return null; }
      const line = { ...this.options, weight: this.options.weight + 1.4, fill: false };
      return {
        properties: { code: this.shapes.codes[area] },
        tip: this.tips(area),
        mark: () => new Mosaic(this.shapes, line, { only: area }),
      };
    },
  });

  function trace(pen, shapes, area, size, origin) {
    for (let ring = shapes.areaStart[area]; ring < shapes.areaStart[area + 1]; ring += 1) {
      const [first, end] = [shapes.ringStart[ring], shapes.ringStart[ring + 1]];
      let [lastX, lastY] = [Infinity, Infinity];
      for (let corner = first; corner < end; corner += 1) {
        const x = shapes.x[corner] * size - origin.x;
        const y = shapes.y[corner] * size - origin.y;
        if (corner > first && Math.abs(x - lastX) < UNSEEN && Math.abs(y - lastY) < UNSEEN) {
          continue;
        }
        if (corner === first) { pen.moveTo(x, y); } else { pen.lineTo(x, y); }
        [lastX, lastY] = [x, y];
      }
      pen.closePath();
    }
  }

  // What shows from some zoom on only; it is not read before that.
  const Late = L.Layer.extend({
    initialize(make, zoom) { Object.assign(this, { make, zoom, made: null, asked: false }); },

    getEvents() { return { zoomend: this.look }; },

    onAdd() { this.look(); },

    onRemove() { if (this.made) { this.made.remove(); } },

    look() {
      const map = this._map;
      const near = map && map.getZoom() >= this.zoom;
      if (near && !this.asked) {
        this.asked = true;
        this.make().then((made) => { this.made = made; this.look(); })
          .catch((reason) => { this.asked = false; console.error(reason); });
      }
      if (!this.made || !map || near === Boolean(this.made._map)) { return; }
      if (near) { this.made.addTo(map).bringToBack(); } else { this.made.remove(); }
    },
  });

  Object.defineProperty(Late.prototype, "areaCount", {
    get() { return this.made && this.made._map ? this.made.areaCount : 0; },
  });

  // -- the layers ----------------------------------------------------------------------------------

  // `given` holds a class for each area of the file, colours, and a line of text each.
  function areas(parent, source, look, given) {
    const key = `areas ${known(source)} ${known(given)} ${JSON.stringify(look)}`;
    const make = () => Promise.all([read(source), read(given)]).then(([file, values]) => {
      const shapes = unpack(file);
      if (!values) { return new Mosaic(shapes, look.line); }
      const fills = Array.from(values.classes, (letter) => values.colours[parseInt(letter, 36)]);
      const tips = (area) =>
        [file[look.language][area], values.texts[area]].map(text).join("<br>");
      return new Mosaic(shapes, look.line, { fills, tips });
    });
    const late = look.from_zoom !== undefined;
    keep(parent, key, () => (late ? new Late(make, look.from_zoom) : make()), look.rank || 0);
  }

  // A strong outline around one area of a file.
  function chosen(parent, source, code, line) {
    keep(parent, `chosen ${known(source)} ${code}`, () => read(source).then((file) => {
      const shapes = unpack(file);
      return new Mosaic(shapes, line, { only: shapes.place.get(code) });
    }), 9);
  }

  const count = (map, kind) => [...(map.kept || new Map()).values()]
    .reduce((sum, { made }) => sum + ((made && made._map && made[kind]) || 0), 0);

  // How much a map shows, for tests and for the curious.
  Object.defineProperty(Mosaic.prototype, "areaCount", {
    get() { return this.range[1] - this.range[0]; },
  });

  Object.assign(window.phaenthi, { areas, chosen, across, down, count, whenOnMap });
})();
