from django.apps import AppConfig


class ReviewsConfig(AppConfig):
    name = "lianying.reviews"
    label = "reviews"
