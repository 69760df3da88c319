"use strict";

// What every map is drawn on: pictures where there are some, else outlines. Returns the Leaflet map.
window.ground = (place, data, more = {}) => {
  const { tiles, tilesBy } = data;
  const map = L.map(place, { minZoom: 5, maxZoom: 18, zoomControl: false, attributionControl: Boolean(tilesBy), ...more });
  L.control.zoom({ zoomInTitle: data.nearer, zoomOutTitle: data.farther }).addTo(map);
  if (map.attributionControl) map.attributionControl.setPrefix(false);
  if (tiles) L.tileLayer(tiles, { attribution: tilesBy, maxZoom: 18 }).addTo(map);
  fetch(data.outlines).then((answer) => answer.json()).then((shapes) => {
    L.geoJSON(shapes, {
      interactive: false,
      style: { className: tiles ? "outline over" : "outline" },
      onEachFeature: (feature, layer) => layer.bindTooltip(feature.properties.name, { permanent: true, direction: "center", className: "town" }),
    }).addTo(map).bringToBack();
  }).catch(() => { /* a map without outlines is still a map */ });
  return map;
};
