"""The closed lists of the documents, written out once more: names of events, sources, currencies, countries, states."""
NATIVE = """PURCHASE SAVE START_CHECKOUT ADD_CART VIEW_CONTENT ADD_BILLING SIGN_UP SEARCH PAGE_VIEW SUBSCRIBE AD_CLICK AD_VIEW
COMPLETE_TUTORIAL LEVEL_COMPLETE INVITE LOGIN SHARE RESERVE ACHIEVEMENT_UNLOCKED ADD_TO_WISHLIST SPENT_CREDITS RATE START_TRIAL
LIST_VIEW APP_INSTALL APP_OPEN CUSTOM_EVENT_1 CUSTOM_EVENT_2 CUSTOM_EVENT_3 CUSTOM_EVENT_4 CUSTOM_EVENT_5""".split()

SOURCES = {"web": "WEB", "website": "WEB", "mobile_app": "MOBILE_APP", "app": "MOBILE_APP", "offline": "OFFLINE",
           **dict.fromkeys(("physical_store", "phone_call", "email", "chat", "system_generated", "other"), "OFFLINE")}

SEGMENT = {
    "Payment Info Entered": "ADD_BILLING", "Product Added": "ADD_CART", "Product Added to Wishlist": "ADD_TO_WISHLIST",
    "Application Installed": "APP_INSTALL", "Application Opened": "APP_OPEN", "Product List Viewed": "LIST_VIEW",
    "Signed In": "LOGIN", "Order Completed": "PURCHASE", "Products Searched": "SEARCH", "Product Shared": "SHARE",
    "Signed Up": "SIGN_UP", "Checkout Started": "START_CHECKOUT", "Product Viewed": "VIEW_CONTENT",
    "Completed Order": "PURCHASE", "Viewed Product": "VIEW_CONTENT", "Added Product": "ADD_CART", "Started Order": "START_CHECKOUT",
    "Viewed Product Category": "LIST_VIEW",
}
RUDDER = {
    "products_searched": "SEARCH", "product_list_viewed": "VIEW_CONTENT", "promotion_viewed": "AD_VIEW",
    "promotion_clicked": "AD_CLICK", "product_viewed": "VIEW_CONTENT", "product_added": "ADD_CART",
    "checkout_started": "START_CHECKOUT", "payment_info_entered": "ADD_BILLING", "order_completed": "PURCHASE",
    "product_added_to_wishlist": "ADD_TO_WISHLIST", "sign_up": "SIGN_UP",
    **{n: n.upper() for n in "app_open app_install page_view list_view save subscribe share invite login reserve rate "
       "complete_tutorial level_complete achievement_unlocked spent_credits start_trial".split()},
}

CURRENCIES = set("""AED AFN ALL AMD ANG AOA ARS AUD AWG AZN BAM BBD BDT BGN BHD BIF BMD BND BOB BRL BSD BTN BWP BYN BZD CAD CDF CHF CLP
CNY COP CRC CUP CVE CZK DJF DKK DOP DZD EGP ERN ETB EUR FJD FKP GBP GEL GHS GIP GMD GNF GTQ GYD HKD HNL HTG HUF IDR ILS INR IQD IRR ISK
JMD JOD JPY KES KGS KHR KMF KPW KRW KWD KYD KZT LAK LBP LKR LRD LSL LYD MAD MDL MGA MKD MMK MNT MOP MRU MUR MVR MWK MXN MYR MZN NAD NGN
NIO NOK NPR NZD OMR PAB PEN PGK PHP PKR PLN PYG QAR RON RSD RUB RWF SAR SBD SCR SDG SEK SGD SHP SOS SRD SSP STN SYP SZL THB TJS TMT
TND TOP TRY TTD TWD TZS UAH UGX USD UYU UZS VES VND VUV WST XAF XCD XOF XPF YER ZAR ZMW""".split())

# Snapchat's own fields of custom_data; custom_fields, which hold what a site likes, are left to their own rule.
CUSTOM_TEXTS = """order_id search_string sign_up_method event_tag content_name content_type delivery_category status description level
checkin_date travel_start travel_end destination_airport origin_airport country city region neighborhood departing_departure_date
departing_arrival_date returning_departure_date returning_arrival_date hotel_score postal_code""".split()
CUSTOM_LISTS = ("content_ids", "brands", "destination_ids")
CUSTOM_COUNTS = ("num_items", "num_adults", "num_children", "num_infants")
CUSTOM_DATA = {*CUSTOM_TEXTS, *CUSTOM_LISTS, *CUSTOM_COUNTS, "value", "currency", "predicted_ltv", "content_category", "contents"}

# As many countries and states as the generator writes; with names and alpha-3.
COUNTRIES = {"US": ("USA", "United States", "United States of America"), "GB": ("GBR", "United Kingdom"), "DE": ("DEU", "Germany"),
             "FR": ("FRA", "France"), "CA": ("CAN", "Canada"), "IT": ("ITA", "Italy"), "JP": ("JPN", "Japan"), "BR": ("BRA", "Brazil"),
             "AU": ("AUS", "Australia"), "SE": ("SWE", "Sweden"), "SA": ("SAU", "Saudi Arabia"), "MX": ("MEX", "Mexico"),
             "CH": ("CHE", "Switzerland"), "NL": ("NLD", "Netherlands"), "ES": ("ESP", "Spain"), "IN": ("IND", "India")}
STATES = {"AL": "Alabama", "CA": "California", "CO": "Colorado", "DC": "District of Columbia", "FL": "Florida", "NY": "New York",
          "NC": "North Carolina", "TX": "Texas", "WA": "Washington", "WV": "West Virginia"}
# Countries whose own states the sink knows, so that a state of the US is not one of theirs; of others any two letters pass.
OTHER_STATES = ("gb", "de", "ca", "br", "au", "mx", "ch", "nl", "in")


def fold(name):
    """Case and runs of space, `_`, `-` do not matter in names."""
    out = []
    for c in name.strip(" \t\n\r"):
        if c in " _-\t\n\r":
            if out and out[-1] != "_":
                out.append("_")
        else:
            out.append(c)
    return "".join(out).strip("_").lower()


NATIVE_BY_FOLD = {fold(n): n for n in NATIVE}
COUNTRY_BY_WORD = {word.lower(): code.lower() for code, words in COUNTRIES.items() for word in (code, *words)} | {"uk": "gb"}
STATE_BY_WORD = {word.lower(): code.lower() for code, name in STATES.items() for word in (code, name)}
