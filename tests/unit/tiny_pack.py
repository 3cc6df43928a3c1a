"""A pack small enough to work out by hand: three districts, two services, seven providers.

Ash and Birch are East; Cedar is in no group. Working out, hours a week:

lot                  delivered waiting demand capacity  who delivers (of what capacity)
Ash day older              100      10    110      130  P1 60 (80), P2 30 (40), P3 10 (10)
Ash day younger             60       5     65       60  P3 60 (60): 5 short
Ash night older              0       0      0       20  P1 0 (20), on tier 2
Birch day older            200       0    200      230  P3 160 (165), P5 40 (60), P6 0 (5)
Birch night older           70      30    100       70  P5 70 (70): 30 short
Cedar day older             40       0     40       50  P1 40 (50), P7 0 (0)
Cedar visit child           20       2     22       15  P4 20 (15): 7 short
"""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

ASH, BIRCH, CEDAR = "E07000001", "E07000002", "E07000003"

TABLES = {
    "reference/districts.csv": """
district_code,district_name,area_km2,rural_share_65,deprivation_score,rural_urban_class,borders_london
E07000001,Ash,100,0.1,20,Urban,false
E07000002,Birch,200.5,0.5,15.5,Rural,TRUE
E07000003,Cedar,300,1,10,Rural,false
""",
    "reference/area_groups.csv": """
grouping,group_name,district_code
side,East,E07000001
side,East,E07000002
patch,P1 Ash,E07000001
patch,P2 Birch and Cedar,E07000002
patch,P2 Birch and Cedar,E07000003
""",
    "reference/population.csv": """
district_code,year,age_band,persons
E07000001,2024,0-17,1000
E07000001,2024,18-64,3000
E07000001,2024,65+,500
E07000002,2024,0-17,2000
E07000002,2024,18-64,6000
E07000002,2024,65+,1000
E07000003,2024,0-17,500
E07000003,2024,18-64,1500
E07000003,2024,65+,800
E07000001,2023,0-17,900
E07000002,2023,0-17,1800
E07000003,2023,0-17,400
E07000001,2023,65+,0
E07000002,2023,65+,0
E07000003,2023,65+,0
E07000001,2025,65+,9999
""",
    "reference/service_rates.csv": """
service,cohort,age_band,weight
home,older,65+,2
home,older,18-64,0
home,younger,18-64,1
home,younger,65+,0
respite,child,0-17,1
""",
    "reference/lots.csv": """
framework,service,service_type,cohort,framework_cohort_label
Frame,home,day,older,old
Frame,home,day,younger,young
Frame,home,night,older,old
,respite,visit,child,
""",
    "reference/wards.csv": """
ward_code,ward_name,district_code,latitude,longitude
W1,Ash Ward,E07000001,51.5,-2.5
W2,Birch Ward,E07000002,51.5,-1.5
""",
    "published/facts.csv": """
id,service,measure,value,unit,period,status,source,note
f_hours,home,Hours,470,hours a week,2024/25,published,The source,
f_day_older,home,Hours of day care for older people,340,hours a week,2024/25,derived,The other source,
f_people,home,People,40,people,2024/25,published,The source,
f_cost,home,Spend,652600,GBP a year,2024/25,published,The source,
f_home_low,home,Providers at least,5,providers,2024/25,published,The source,
f_home_high,home,Providers at most,6,providers,2024/25,published,The source,
f_children,respite,Children,8,children,2023/24,published,The source,
f_spot,respite,Placed by spot purchase,100,percent,2023/24,published,The source,
f_words,respite,Market quality,Low,rating,2023/24,published,The source,a word
""",
    "published/gaps.csv": """
id,service,measure,published_as,note,filled_by,template
g_night,home,Night care for younger adults,Not known,,Their hours,demand
g_cost,respite,Hours a child,To be confirmed,a note,,
""",
    "published/intentions.csv": """
service,intention_id,intention,tracked_by,indicators,needs
home,capacity,Enough care,coverage,coverage; shortfall_hours;providers_per_lot;single_provider_lots,
home,places,Care in every place,place,rural_spot_share;rural_providers;london_providers;as_of,
respite,insight,Know more,gaps,gaps_filled;f_children;spot_share;projection,
respite,staff,Enough staff,none yet,,The number of staff.
""",
    "published/reconciliation.csv": """
fact_id,table,column,measure,service,service_type,cohort,route,share_of,bound
f_hours,demand,hours_per_week,sum,home,,,,,equal
f_day_older,demand,hours_per_week,sum,home,day,older,,,equal
f_people,demand,people,sum,home,,,,,equal
f_cost,demand,annual_cost,sum,home,day;night,older;younger,,,equal
f_home_low,capacity,provider_id,distinct,home,,,,,at_least
f_home_high,capacity,provider_id,distinct,home,,,,,at_most
f_children,demand,people,sum,respite,,,,,equal
f_spot,capacity,delivered_hours,percent,respite,,,spot,route,equal
""",
    "market/demand.csv": """
service,district_code,service_type,cohort,people,hours_per_week,annual_cost
home,E07000001,day,older,10,100,130000
home,E07000001,day,younger,5,60,78000
home,E07000001,night,older,0,0,0
home,E07000002,day,older,20,200,312000
home,E07000002,day,younger,0,0,0
home,E07000002,night,older,1,70,91000
home,E07000003,day,older,4,40,41600
home,E07000003,day,younger,0,0,0
home,E07000003,night,older,0,0,0
respite,E07000001,visit,child,0,0,0
respite,E07000002,visit,child,0,0,0
respite,E07000003,visit,child,8,20,26000
""",
    "market/providers.csv": """
provider_id,provider_name,office_postcode,regulated,also_childrens
P1,Alder Care,ZZ1 1AA,true,false
P2,<img src=x onerror=alert(1)>,ZZ1 1AB,true,false
P3,${alert(1)},ZZ1 1AC,false,false
P4,=1+1,ZZ1 1AD,true,false
P5,Elm Care,ZZ1 1AE,true,false
P6,Fir Care,ZZ1 1AF,true,false
P7,Gorse Care,ZZ1 1AG,true,false
""",
    "market/ratings.csv": """
provider_id,domain,rating,rated_on
P1,overall,Good,2023-01-31
P1,safe,Good,2023-01-31
P2,overall,Poor,2024-02-29
P2,safe,Good,2024-02-29
P4,overall,Not rated,
P5,overall,Outstanding,2025-03-31
P5,safe,Good,2025-03-31
P6,overall,Poor,2022-12-01
P6,safe,Poor,2022-12-01
P7,overall,Good,2022-12-01
P7,safe,Good,2022-12-01
""",
    "market/capacity.csv": """
provider_id,service,district_code,service_type,cohort,route,rank,capacity_hours,delivered_hours,hourly_rate,performance_score
P1,home,E07000001,day,older,tier_1,1,80,60,25.00,90
P2,home,E07000001,day,older,tier_1,2,40,30,25.00,80
P3,home,E07000001,day,older,spot,,10,10,27.50,
P3,home,E07000001,day,younger,spot,,60,60,25.00,
P1,home,E07000001,night,older,tier_2,1,20,0,25.00,90
P3,home,E07000002,day,older,spot,,165,160,30.00,
P5,home,E07000002,day,older,tier_2,1,60,40,30.00,70
P6,home,E07000002,day,older,tier_2,2,5,0,30.00,60
P5,home,E07000002,night,older,tier_2,1,70,70,25.00,70
P1,home,E07000003,day,older,tier_1,1,50,40,20.00,90
P7,home,E07000003,day,older,spot,,0,0,20.00,
P4,respite,E07000003,visit,child,spot,,15,20,25.00,
""",
    "market/requests.csv": """
request_id,service,district_code,ward_code,service_type,cohort,hours_per_week,requested_on,placed_on,route
R1,home,E07000001,W1,day,older,10,2025-03-01,,
R2,home,E07000001,,day,younger,5,2025-03-31,,
R3,home,E07000001,W1,day,older,7,2025-01-01,2025-01-11,tier_1
R4,home,E07000001,W1,day,older,7,2025-02-01,2025-02-05,spot
R5,home,E07000001,W1,day,older,7,2024-01-01,2024-03-31,spot
R6,home,E07000002,W2,night,older,14,2025-03-01,2025-03-04,tier_2
R7,home,E07000002,W2,night,older,30,2024-03-01,,
R8,home,E07000002,W2,day,older,9,2024-03-20,2024-04-01,tier_2
R9,respite,E07000003,,visit,child,2,2025-03-01,,
""",
    "market/history.csv": """
month,service,district_code,cohort,hours_per_week,people,new_requests,median_days_to_source
2025-02,home,E07000001,older,90,9,1,4
2025-02,home,E07000001,younger,50,4,0,
2025-02,home,E07000002,older,260,20,0,
2025-02,home,E07000003,older,38,4,0,
2025-02,respite,E07000003,child,19,8,0,
2025-03,home,E07000001,older,100,10,1,
2025-03,home,E07000001,younger,60,5,1,
2025-03,home,E07000002,older,270,21,1,3
2025-03,home,E07000003,older,40,4,0,
2025-03,respite,E07000003,child,20,8,1,
2025-02,home,E07000002,younger,0,0,0,
2025-02,home,E07000003,younger,0,0,0,
2025-02,respite,E07000001,child,0,0,0,
2025-02,respite,E07000002,child,0,0,0,
2025-03,home,E07000002,younger,0,0,0,
2025-03,home,E07000003,younger,0,0,0,
2025-03,respite,E07000001,child,0,0,0,
2025-03,respite,E07000002,child,0,0,0,
""",
}

# Nobody is born, moves or grows older after 2024, but in Ash: the rows that a projection of 15 years needs.
TABLES["reference/population.csv"] += "".join(
    f"{district},{year},{band},{persons}\n"
    for district, ages in {
        ASH: (("0-17", 1000), ("18-64", 3000), ("65+", 500)),
        BIRCH: (("0-17", 2000), ("18-64", 6000), ("65+", 1000)),
        CEDAR: (("0-17", 500), ("18-64", 1500), ("65+", 800)),
    }.items()
    for year in range(2025, 2040)
    for band, persons in ages
    if (district, year, band) != (ASH, 2025, "65+")
)

STATUSES = {
    "districts": "derived",
    "area_groups": "published",
    "population": "derived",
    "service_rates": "context",
    "lots": "published",
    "wards": "derived",
    "facts": "published",
    "gaps": "published",
    "intentions": "published",
    "reconciliation": "derived",
    "demand": "modelled",
    "providers": "illustrative",
    "ratings": "illustrative",
    "capacity": "illustrative",
    "requests": "illustrative",
    "history": "illustrative",
}


def manifest() -> dict[str, Any]:
    """The tiny pack's manifest."""
    paths = {Path(path).stem: path for path in TABLES}
    resources = [
        {"name": name, "path": paths[name], "title": f"Table of {name}", "status": status, "rule": f"Rule of {name}."}
        for name, status in STATUSES.items()
    ]
    outlines = {"name": "districts_geography", "path": "geography/districts.geojson", "title": "Outlines"}
    return {
        "name": "tiny",
        "title": "Tiny",
        "area": "Testshire",
        "council": "Testshire Council",
        "as_of": "2025-03-31",
        "services": {
            "home": {
                "label": "Home care",
                "people": "adults",
                "person": "adult",
                "base_year": 2024,
                "period": "2024/25",
                "caveats": ["Hours are whole hours."],
                "providers_range": ["f_home_low", "f_home_high"],
            },
            "respite": {
                "label": "Respite",
                "people": "children",
                "person": "child",
                "base_year": 2023,
                "period": "2023/24",
                "default_grouping": "side",
                "derivations": [
                    {
                        "label": "Providers a child",
                        "top": ["f_home_low", "f_home_high"],
                        "bottom": ["f_children"],
                        "divide_by": 2,
                        "unit": "providers",
                        "decimals": 2,
                        "fills_gap": "g_cost",
                    },
                    {"label": "Spend a percent", "top": ["f_cost"], "bottom": ["f_spot"], "unit": "GBP a year"},
                    {
                        "label": "All",
                        "top": ["f_spot"],
                        "bottom": ["f_spot"],
                        "divide_by": 0.01,
                        "unit": "percent",
                        "fact": "f_spot",
                    },
                ],
            },
        },
        "service_types": {"day": {"label": "Day"}, "night": {"label": "Night"}, "visit": {"label": "Visit"}},
        "cohorts": {"older": {"label": "Older"}, "younger": {"label": "Younger"}, "child": {"label": "Children"}},
        "routes": {
            "tier_1": {"label": "Tier 1", "framework": True},
            "tier_2": {"label": "Tier 2", "framework": True},
            "spot": {"label": "Spot", "framework": False},
        },
        "domains": {"overall": {"label": "Overall"}, "safe": {"label": "Safe"}},
        "ratings": [
            {"name": "Outstanding", "good": True},
            {"name": "Good", "good": True},
            {"name": "Poor"},
            {"name": "Not rated", "rated": False},
        ],
        "quality_gate": {"route": "tier_1", "domains": ["overall", "safe"]},
        "rating_limits": {
            "good_share": 0.8,
            "moderate_share": 0.6,
            "high_growth_pct": 5,
            "moderate_growth_pct": 2,
            "mostly_spot_share": 0.5,
            "hardly_spot_share": 0.2,
            "enough_coverage": 1,
        },
        "groupings": {"side": {"label": "Side"}, "patch": {"label": "NHS patch"}},
        "resources": [*resources, outlines | {"status": "derived", "credit": "Drawn by hand."}],
    }


def outlines() -> dict[str, Any]:
    """Three squares in a row, the last a multipolygon."""
    features = []
    for west, (code, name) in enumerate([(ASH, "Ash"), (BIRCH, "Birch"), (CEDAR, "Cedar")], start=-3):
        ring = [[west, 51], [west + 1, 51], [west + 1, 52], [west, 52], [west, 51]]
        multi = code == CEDAR
        geometry = {"type": "MultiPolygon" if multi else "Polygon", "coordinates": [[ring]] if multi else [ring]}
        properties = {"district_code": code, "district_name": name}
        features.append({"type": "Feature", "properties": properties, "geometry": geometry})
    return {"type": "FeatureCollection", "features": features}


def write_tiny_pack(root: Path) -> Path:
    """Write the tiny pack to a new folder."""
    for path, text in TABLES.items():
        (root / path).parent.mkdir(parents=True, exist_ok=True)
        (root / path).write_text(text.lstrip(), encoding="utf-8")
    (root / "datapackage.json").write_text(json.dumps(manifest(), indent=1), encoding="utf-8")
    (root / "geography").mkdir()
    (root / "geography" / "districts.geojson").write_text(json.dumps(outlines()), encoding="utf-8")
    return root
