from django.apps import AppConfig


class FilesConfig(AppConfig):
    name = "lianying.files"
    label = "files"
