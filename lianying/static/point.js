// A map with one mark: set by a tap, by dragging, or by Enter under the cross; only shown where nothing is to be set.
// Outside it is WGS84; what is drawn in GCJ-02 is shifted here, as `lianying/rules/geo.py` does, so that where
// somebody points is told to nobody before they send it.
(() => {
  "use strict";
  const { PI, abs, cos, sin, sqrt } = Math;
  const AXIS = 6378245, ECCENTRICITY = 0.00669342162296594323;

  const toDrawn = ([lat, lng]) => {
    if (lat < 0.8293 || lat > 55.8271 || lng < 72.004 || lng > 137.8347) return [lat, lng];
    const x = lng - 105, y = lat - 35, root = 0.2 * sqrt(abs(x));
    const both = (20 * sin(6 * x * PI) + 20 * sin(2 * x * PI)) * 2 / 3;
    const north = -100 + 2 * x + 3 * y + 0.2 * y * y + 0.1 * x * y + root + both
      + (20 * sin(y * PI) + 40 * sin(y / 3 * PI)) * 2 / 3 + (160 * sin(y / 12 * PI) + 320 * sin(y * PI / 30)) * 2 / 3;
    const east = 300 + x + 2 * y + 0.1 * x * x + 0.1 * x * y + root + both
      + (20 * sin(x * PI) + 40 * sin(x / 3 * PI)) * 2 / 3 + (150 * sin(x / 12 * PI) + 300 * sin(x / 30 * PI)) * 2 / 3;
    const bend = 1 - ECCENTRICITY * sin(lat * PI / 180) ** 2;
    const byLat = AXIS * (1 - ECCENTRICITY) / (bend * sqrt(bend)) * PI / 180;
    const byLng = AXIS / sqrt(bend) * cos(lat * PI / 180) * PI / 180;
    return [lat + north / byLat, lng + east / byLng];
  };
  const fromDrawn = ([lat, lng]) => {
    let found = [lat, lng];
    for (let step = 0; step < 5; step++) {
      const shifted = toDrawn(found);
      found = [found[0] + lat - shifted[0], found[1] + lng - shifted[1]];
    }
    return found;
  };
  const same = (spot) => spot;

  // settle: called with [lat, lng] in WGS84 whenever the mark was set; null where it is only shown.
  window.point = (frame, words, at, settle) => {
    const [drawn, plain] = words.shifted === undefined ? [same, same] : [toDrawn, fromDrawn];
    const [south, west, north, east] = words.box.split(",").map(Number);
    const bounds = L.latLngBounds(drawn([south, west]), drawn([north, east]));
    // Wide enough that the arrow keys can bring any place of the county under the cross before anybody zooms.
    const map = ground(frame, words, { maxBounds: bounds.pad(2), keyboardPanDelta: 40 });
    map.fitBounds(bounds);
    const icon = L.divIcon({ className: "mark", html: "<b></b>", iconSize: [44, 44], iconAnchor: [22, 44] });
    const mark = L.marker(bounds.getCenter(), { icon, draggable: Boolean(settle), keyboard: false, title: words.mark });
    const set = ({ lat, lng }) => {
      mark.setLatLng([lat, lng]).addTo(map);
      settle(plain([lat, lng]));
    };
    const show = (spot) => {
      if (!spot) return mark.remove();
      mark.setLatLng(drawn(spot)).addTo(map);
      // Nearer than the county there is nothing to see between outlines.
      return map.setView(drawn(spot), words.tiles ? Math.max(map.getZoom(), 16) : map.getZoom());
    };
    if (at) show(at);
    if (settle) {
      map.on("click", (event) => set(event.latlng));
      mark.on("dragend", () => set(mark.getLatLng()));
      frame.addEventListener("keydown", (event) => {
        if (event.key !== "Enter" || event.target !== frame) return;
        event.preventDefault();
        set(map.getCenter());
      });
    }
    // Hidden, it has no size: whoever turned the telephone meanwhile would see half a map.
    return { show, fit: () => map.invalidateSize() };
  };
})();
