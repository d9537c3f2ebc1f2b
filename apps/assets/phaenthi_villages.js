// Thousands of villages as one layer: a status is told by its shape as well as by its colour.
(function () {
  "use strict";

  const { read, known, keep, watch, text, across, down } = window.phaenthi;

  // -- symbols: each drawn once, then stamped --------------------------------------------------------

  const outlines = {
    circle: (pen, x, y, r) => pen.arc(x, y, r, 0, 2 * Math.PI),
    diamond: (pen, x, y, r) => polygon(pen, [[x, y - r], [x + r, y], [x, y + r], [x - r, y]]),
    triangle: (pen, x, y, r) =>
      polygon(pen, [[x, y - r], [x + 0.95 * r, y + 0.7 * r], [x - 0.95 * r, y + 0.7 * r]]),
    square: (pen, x, y, r) => pen.rect(x - 0.85 * r, y - 0.85 * r, 1.7 * r, 1.7 * r),
    hexagon: (pen, x, y, r) => polygon(pen, [0, 1, 2, 3, 4, 5].map((corner) =>
      [x + r * Math.sin((corner * Math.PI) / 3), y - r * Math.cos((corner * Math.PI) / 3)])),
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

  function stamp(look, radius) {
    const half = Math.ceil(radius + look.weight + 1);
    const sharp = window.devicePixelRatio > 1 ? 2 : 1;
    const sheet = document.createElement("canvas");
    sheet.width = sheet.height = 2 * half * sharp;
    const pen = sheet.getContext("2d");
    pen.scale(sharp, sharp);
    pen.beginPath();
    outlines[look.shape](pen, half, half, radius);
    if (look.fill) {
      pen.globalAlpha = look.fillOpacity;
      pen.fillStyle = look.fillColor;
      pen.fill();
    }
    pen.globalAlpha = look.opacity;
    pen.lineWidth = look.weight;
    pen.strokeStyle = look.color;
    pen.stroke();
    // A letter tells the kind to who cannot tell the colours; smaller than this nobody reads it.
    if (look.letter && radius >= 5.5) {
      pen.globalAlpha = 1;
      pen.fillStyle = look.letterColor;
      // Several letters, as the numbers of stops at one spot, share the room of one.
      const size = radius * Math.min(1.15, 2.6 / look.letter.length);
      pen.font = `600 ${size}px sans-serif`;
      pen.textAlign = "center";
      pen.textBaseline = "alphabetic";
      pen.fillText(look.letter, half, half + 0.365 * size);
    }
    return { sheet, half };
  }

  // Symbols stay small where the whole country shows and grow towards the village.
  const growth = (zoom) => Math.min(1.7, Math.max(0.32, 1 + 0.16 * (zoom - 9.5)));

  // -- the file ------------------------------------------------------------------------------------

  // Rows of code, latitude, longitude, look, name, place; or columns, where a place is told once.
  function unpack(file, marks) {
    return Array.isArray(file) ? ofRows(file) : ofColumns(file, marks);
  }

  function ofRows(rows) {
    return {
      size: rows.length,
      x: Float64Array.from(rows, (row) => across(row[2])),
      y: Float64Array.from(rows, (row) => down(row[1])),
      look: Int8Array.from(rows, (row) => row[3]),
      code: (index) => rows[index][0],
      title: (index) => rows[index][4],
      where: (index) => rows[index][5],
    };
  }

  function ofColumns(file, marks) {
    const size = file.x.length;
    // The names of a country are longer than all else: the map does not wait for them.
    let words = null;
    read(file.words).then((found) => { words = found; }).catch((reason) => console.error(reason));
    const [x, y] = [new Float64Array(size), new Float64Array(size)];
    let [longitude, latitude] = [0, 0];
    for (let index = 0; index < size; index += 1) {
      longitude += file.x[index];
      latitude += file.y[index];
      x[index] = across(longitude / file.grid);
      y[index] = down(latitude / file.grid);
    }
    const code = codesOf(file.codes);
    return {
      size, x, y, code,
      look: Int8Array.from(marks, (letter) => (letter === "-" ? -1 : parseInt(letter, 36))),
      title: (index) => (words ? words.titles[index] : code(index)),
      where: (index) => (words ? words.places[words.place[index]] : ""),
    };
  }

  // Numbers of one width, told as the steps between them; or whatever else codes are.
  function codesOf(packed) {
    if (Array.isArray(packed)) { return (index) => packed[index]; }
    const numbers = new Float64Array(packed.steps.length);
    packed.steps.reduce((before, step, index) => (numbers[index] = before + step), 0);
    return (index) => String(numbers[index]).padStart(packed.digits, "0");
  }

  // -- drawing -------------------------------------------------------------------------------------

  // Symbols smaller than this, in pixels from the middle, are told by their colour alone: specks,
  // painted point by point, which is fifty times as fast as stamping.
  const SPECK = 2.2;

  function colourOf(look) {
    const pen = document.createElement("canvas").getContext("2d", { willReadFrequently: true });
    pen.fillStyle = look.fill ? look.fillColor : look.color;
    pen.fillRect(0, 0, 1, 1);
    return new Uint32Array(pen.getImageData(0, 0, 1, 1).data.buffer)[0];
  }

  function paintSpecks(pen, { x, y, size, origin, min, max }, groups) {
    const sharp = window.devicePixelRatio > 1 ? 2 : 1;
    const width = Math.ceil((max.x - min.x) * sharp);
    const height = Math.ceil((max.y - min.y) * sharp);
    if (width <= 0 || height <= 0) { return; }
    const sheet = document.createElement("canvas");
    [sheet.width, sheet.height] = [width, height];
    const sheetPen = sheet.getContext("2d");
    const image = sheetPen.createImageData(width, height);
    const points = new Uint32Array(image.data.buffer);
    groups.forEach(({ indices, colour, radius }) => {
      const side = Math.max(1, Math.round(1.8 * radius * sharp));
      indices.forEach((index) => {
        const left = Math.round((x[index] * size - origin.x - min.x) * sharp - side / 2);
        const top = Math.round((y[index] * size - origin.y - min.y) * sharp - side / 2);
        if (left < 0 || top < 0 || left + side > width || top + side > height) { return; }
        for (let row = top; row < top + side; row += 1) {
          points.fill(colour, row * width + left, row * width + left + side);
        }
      });
    });
    sheetPen.putImageData(image, 0, 0);
    pen.drawImage(sheet, min.x, min.y, width / sharp, height / sharp);
  }

  const Villages = L.Path.extend({
    initialize(table, looks) {
      L.setOptions(this, { interactive: false, weight: 1 });
      Object.assign(this, { table, looks });
      // What is to be seen first is drawn last, and lies on top.
      const places = looks.map(() => []);
      table.look.forEach((look, index) => { if (look >= 0) { places[look].push(index); } });
      this.order = looks.map((_, look) => [look, places[look]]).reverse();
      this.villageCount = places.reduce((sum, those) => sum + those.length, 0);
    },

    onAdd(map) {
      L.Path.prototype.onAdd.call(this, map);
      watch(map);
    },

    _project() {
      const zoom = this._map.getZoom();
      this.radii = this.looks.map((look) => Math.max(0.8, look.radius * growth(zoom)));
      this.stamps = this.looks.map((look, index) => {
        const scale = this.radii[index] / look.radius;
        return stamp({ ...look, weight: look.weight * Math.min(1, Math.max(0.4, scale)) },
          this.radii[index]);
      });
      this._pxBounds = L.bounds([-1e9, -1e9], [1e9, 1e9]);
    },

    _update() {},

    _updatePath() {
      if (!this._renderer._drawing) { return; }
      const { table, stamps } = this;
      const pen = this._renderer._ctx;
      const size = 256 * 2 ** this._map.getZoom();
      const origin = this._map.getPixelOrigin();
      const { min, max } = this._renderer._redrawBounds || this._renderer._bounds;
      const isSpeck = ([look]) => this.radii[look] <= SPECK && !this.isRing(look);
      const specks = this.order.filter(isSpeck).map(([look, indices]) =>
        ({ indices, colour: colourOf(this.looks[look]), radius: this.radii[look] }));
      if (specks.length) {
        paintSpecks(pen, { x: table.x, y: table.y, size, origin, min, max }, specks);
      }
      this.order.filter((one) => !isSpeck(one)).forEach(([look, indices]) => {
        const { sheet, half } = stamps[look];
        for (let number = 0; number < indices.length; number += 1) {
          const index = indices[number];
          const x = table.x[index] * size - origin.x;
          const y = table.y[index] * size - origin.y;
          if (x < min.x - half || x > max.x + half || y < min.y - half || y > max.y + half) {
            continue;
          }
          pen.drawImage(sheet, x - half, y - half, 2 * half, 2 * half);
        }
      });
    },

    // A ring stands around a symbol: what lies inside it comes first.
    find(latlng, reach, rings) {
      const { table, looks, radii } = this;
      const [x, y] = [across(latlng.lng), down(latlng.lat)];
      const unit = reach / (L.Browser.mobile ? 9 : 3);
      // The nearest of those that lie on top.
      for (let place = this.order.length - 1; place >= 0; place -= 1) {
        const [look, indices] = this.order[place];
        if (rings !== this.isRing(look)) { continue; }
        const room = (radii[look] * unit + reach) ** 2;
        let [best, nearest] = [-1, room];
        for (let number = 0; number < indices.length; number += 1) {
          const index = indices[number];
          const apart = (table.x[index] - x) ** 2 + (table.y[index] - y) ** 2;
          if (apart <= nearest) { [best, nearest] = [index, apart]; }
        }
        if (best >= 0) { return this.told(best, looks[look], radii[look]); }
      }
      return null;
    },

    isRing(look) { return this.looks[look].shape === "circle" && !this.looks[look].fill; },

    told(index, look, radius) {
      const { table } = this;
      const lines = [table.where(index), look.label].filter(Boolean).map(text);
      return {
        properties: { village_code: table.code(index) },
        tip: [`<b>${text(table.title(index))}</b>`, ...lines].join("<br>"),
        at: [latitudeOf(table.y[index]), (table.x[index] - 0.5) * 360],
        clear: radius,
      };
    },
  });

  const latitudeOf = (y) => (Math.atan(Math.exp((0.5 - y) * 2 * Math.PI)) * 360) / Math.PI - 90;

  // `looks` is how each kind of village is drawn; `marks` the kind of each village of a file of
  // columns, a letter each in one text, "-" for one that does not show.
  function villages(parent, source, looks, marks) {
    const key = `villages ${known(source)} ${JSON.stringify(looks)} ${known(marks)}`;
    keep(parent, key, () => Promise.all([read(source), read(marks)])
      .then(([file, letters]) => new Villages(unpack(file, letters && letters[0]), looks)), 5);
  }

  window.phaenthi.villages = villages;
})();
