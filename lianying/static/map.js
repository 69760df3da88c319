// The list on a map: points are counted on the server, a cell at a time, whenever the map has moved.
(() => {
  "use strict";
  const place = document.querySelector("[data-map]");
  if (!place || !window.L) return;
  const { points, cases } = place.dataset;
  place.hidden = false;
  const map = ground(place, place.dataset);
  const [south, west, north, east] = place.dataset.box.split(",").map(Number);
  map.fitBounds([[south - .004, west - .004], [north + .004, east + .004]], { maxZoom: 16 });

  const layer = L.layerGroup().addTo(map);
  let asked = 0;
  const dot = ([count, lat, lng, ref, title]) => {
    const look = count === 1 ? "dot one" : count < 100 ? "dot" : "dot many";
    const icon = L.divIcon({ className: look, html: `<b>${count === 1 ? "" : Number(count)}</b>`, iconSize: [44, 44] });
    const marker = L.marker([lat, lng], { icon, keyboard: true, title: ref ? `${ref} ${title}` : String(count), alt: ref ? `${ref} ${title}` : String(count) });
    marker.on("click keypress", (event) => {
      if (event.type === "keypress" && event.originalEvent.key !== "Enter") return;
      if (ref) location.href = `${cases}${ref}/${place.dataset.query ? `?${place.dataset.query}` : ""}`;
      else map.setView([lat, lng], Math.min(map.getZoom() + 2, 18));
    });
    return marker;
  };
  const draw = () => {
    const mine = ++asked;
    const seen = map.getBounds().pad(.1);
    const box = [seen.getSouth(), seen.getWest(), seen.getNorth(), seen.getEast()].map((edge) => edge.toFixed(6)).join();
    fetch(`${points}&box=${box}&zoom=${map.getZoom()}`, { credentials: "same-origin" })
      .then((answer) => answer.json())
      .then((found) => {
        if (mine !== asked) return;
        layer.clearLayers();
        found.points.forEach((point) => layer.addLayer(dot(point)));
      })
      .catch(() => { /* the points that are drawn stay */ });
  };
  map.on("moveend", draw);
  draw();
})();
