// Lines such as routes: a white casing below a colour, so that they stand out on any ground.
(function () {
  "use strict";

  const { read, known, keep, text } = window.phaenthi;

  // Each line has its corners as [latitude, longitude], a colour, dashes or none, and a text.
  function lines(parent, source) {
    keep(parent, `lines ${known(source)}`, () => read(source).then((file) => {
      const group = L.featureGroup();
      file.forEach(({ corners, color, dash, label }) => {
        L.polyline(corners, { color: "#ffffff", weight: 6, opacity: 0.9, interactive: false })
          .addTo(group);
        const line = L.polyline(corners, { color, weight: 3, dashArray: dash, interactive: false });
        if (label) {
          line.bindTooltip(text(label), { permanent: true, direction: "center", className: "ph-tip" });
        }
        line.addTo(group);
      });
      return group;
    }), 3);
  }

  window.phaenthi.lines = lines;
})();
