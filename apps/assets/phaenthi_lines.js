// Lines such as routes, with a white casing so that they stand out on any ground, and plain shapes.
(function () {
  "use strict";

  const { read, known, keep, text } = window.phaenthi;

  // A text in the middle of the longest stretch covers no stop.
  function middle(corners) {
    let [best, longest] = [corners[0], -1];
    for (let i = 1; i < corners.length; i += 1) {
      const [[y, x], [north, east]] = [corners[i - 1], corners[i]];
      const length = Math.hypot(north - y, east - x);
      if (length > longest) {
        [best, longest] = [[(y + north) / 2, (x + east) / 2], length];
      }
    }
    return best;
  }

  // Each line has its corners as [latitude, longitude], a colour, dashes or none, and a text.
  function lines(parent, source) {
    keep(parent, `lines ${known(source)}`, () => read(source).then((file) => {
      const group = L.featureGroup();
      file.forEach(({ corners, color, dash, label }) => {
        L.polyline(corners, { color: "#ffffff", weight: 6, opacity: 0.9, interactive: false })
          .addTo(group);
        const line = L.polyline(corners, { color, weight: 3, dashArray: dash, interactive: false });
        line.addTo(group);
        if (label) {
          L.circleMarker(middle(corners), { radius: 0, stroke: false, fill: false, interactive: false })
            .bindTooltip(text(label), { permanent: true, direction: "center", className: "ph-tip" })
            .addTo(group);
        }
      });
      return group;
    }), 3);
  }

  // Shapes of GeoJSON in one style.
  function shapes(parent, source, style) {
    const key = `shapes ${known(source)} ${JSON.stringify(style)}`;
    const make = (file) => L.geoJSON(file, { style, interactive: false });
    keep(parent, key, () => read(source).then(make), 3);
  }

  Object.assign(window.phaenthi, { lines, shapes });
})();
