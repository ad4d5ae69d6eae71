"""The doors of this app."""

from django.urls import path

from release_planning import views

urlpatterns = [
    path("loslatelse/", views.release_list, name="release_list"),
    path("loslatelse/<uuid:pk>/", views.release_plan, name="release_plan"),
    path("loslatelse/<uuid:pk>/varsel/", views.release_notice_send, name="release_notice_send"),
    path("loslatelse/<uuid:pk>/samarbeid/", views.release_cooperation, name="release_cooperation"),
    path("loslatelse/<uuid:pk>/varetekt/", views.remand_release, name="remand_release"),
]
