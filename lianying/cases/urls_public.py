from django.urls import path

from lianying.cases.views import board, feeds, held, maps, numbers, photos, tell, track

urlpatterns = [
    path("tell/", tell.tell, name="tell"),
    path("receipt/", tell.receipt, name="receipt"),
    path("track/", track.track, name="track"),
    path("track/feed/", feeds.case_feed, name="case_feed"),
    path("track/held/", held.held, name="held"),
    path("track/held/file/", held.held_file, name="held_file"),
    path("photos/<uuid:uuid>/", photos.photo, name="photo"),
    path("desk/photos/<uuid:uuid>/", photos.desk_photo, name="desk_photo"),
    path("board/", board.board, name="board"),
    path("board/feed/", feeds.board_feed, name="board_feed"),
    path("board.csv", board.data, name="board_csv"),
    path("board/<uuid:uuid>/", board.public_version, name="public_version"),
    path("outlines.json", maps.outlines, name="outlines"),
    path("numbers/", numbers.numbers, name="numbers"),
    path("numbers/<int:year>-<int:month>/", numbers.numbers_month, name="numbers_month"),
    path("numbers.csv", numbers.numbers_csv, name="numbers_csv"),
]
