from django.urls import path

from lianying.campaigns.views import campaign, campaigns, proposals, report

urlpatterns = [
    path("desk/campaigns/", campaigns.campaigns, name="visits_campaigns"),
    path("desk/campaigns/new/", campaigns.campaign_new, name="visits_campaign_new"),
    path("desk/campaigns/proposals/", proposals.proposals, name="visits_proposals"),
    path("desk/campaigns/proposals/<uuid:uuid>/", proposals.proposal, name="visits_proposal"),
    path("desk/campaigns/<uuid:uuid>/", campaign.campaign, name="visits_campaign"),
    path("desk/campaigns/<uuid:uuid>/change/", campaigns.campaign_change, name="visits_campaign_change"),
    path("desk/campaigns/<uuid:uuid>/places/", campaign.campaign_places, name="visits_campaign_places"),
    path("desk/campaigns/<uuid:uuid>/found/", campaign.campaign_found, name="visits_campaign_found"),
    path("desk/campaigns/<uuid:uuid>/report/", report.report, name="visits_campaign_report"),
    path("desk/campaigns/<uuid:uuid>/report.docx", report.report_file, name="visits_campaign_file"),
]
