from django.urls import path

from .paying import come_back, pay

app_name = "paying"

urlpatterns = [
    path("<str:number>/<str:hash>/", pay, name="pay"),
    path("<str:number>/<str:hash>/return/", come_back, name="return"),
]
