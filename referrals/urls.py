"""The doors of this app."""

from django.urls import path

from referrals.views import assessing, sending

urlpatterns = [
    path("henvisninger/", sending.referral_list, name="referral_list"),
    path("henvisninger/ny/<uuid:pk>/", sending.referral_new, name="referral_new"),
    path("henvisninger/<uuid:pk>/", sending.referral, name="referral"),
    path("henvisninger/<uuid:pk>/endre/", sending.referral_edit, name="referral_edit"),
    path("henvisninger/<uuid:pk>/send/", sending.referral_send, name="referral_send"),
    path("henvisninger/<uuid:pk>/trekk/", sending.referral_withdraw, name="referral_withdraw"),
    path("henvisninger/mottak/", assessing.referral_intake, name="referral_intake"),
    path("henvisninger/mottak/brev/<uuid:pk>/", assessing.referral_received, name="referral_received"),
    path("henvisninger/mottak/<uuid:pk>/", assessing.referral_case, name="referral_case"),
    path("henvisninger/mottak/<uuid:pk>/klinikk/", assessing.referral_assign, name="referral_assign"),
    path("henvisninger/mottak/<uuid:pk>/avgjorelse/", assessing.referral_decide, name="referral_decide"),
]
