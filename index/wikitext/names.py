"""What templates call things by a code: months, languages, scripts, currencies, countries."""

from __future__ import annotations

MONTHS = ("January February March April May June July August September October November December").split()
MONTH_NUMBERS = {name[:3].lower(): str(number) for number, name in enumerate(MONTHS, 1)}

#: A language's code → its name.
LANGUAGES = {
    "ar": "Arabic", "bg": "Bulgarian", "bn": "Bengali", "ca": "Catalan", "cs": "Czech", "cy": "Welsh", "da": "Danish",
    "de": "German", "el": "Greek", "en": "English", "es": "Spanish", "eu": "Basque", "fa": "Persian", "fi": "Finnish",
    "fr": "French", "ga": "Irish", "gd": "Scottish Gaelic", "gl": "Galician", "grc": "Ancient Greek", "he": "Hebrew",
    "hi": "Hindi", "hr": "Croatian", "hu": "Hungarian", "hy": "Armenian", "id": "Indonesian", "is": "Icelandic",
    "it": "Italian", "ja": "Japanese", "ka": "Georgian", "ko": "Korean", "kw": "Cornish", "la": "Latin",
    "lt": "Lithuanian", "lv": "Latvian", "ms": "Malay", "mt": "Maltese", "nl": "Dutch", "nn": "Norwegian Nynorsk",
    "no": "Norwegian", "pl": "Polish", "ps": "Pashto", "pt": "Portuguese", "ro": "Romanian", "ru": "Russian",
    "sa": "Sanskrit", "sk": "Slovak", "sl": "Slovene", "sr": "Serbian", "sv": "Swedish", "sw": "Swahili",
    "ta": "Tamil", "te": "Telugu", "th": "Thai", "tr": "Turkish", "ug": "Uyghur", "uk": "Ukrainian", "ur": "Urdu",
    "uz": "Uzbek", "vi": "Vietnamese", "yi": "Yiddish", "zh": "Chinese",
    "af": "Afrikaans", "am": "Amharic", "ang": "Old English", "arz": "Egyptian Arabic", "as": "Assamese",
    "ast": "Asturian", "az": "Azerbaijani", "be": "Belarusian", "bo": "Standard Tibetan", "br": "Breton",
    "bs": "Bosnian", "co": "Corsican", "cop": "Coptic", "eo": "Esperanto", "et": "Estonian", "fil": "Filipino",
    "fo": "Faroese", "fro": "Old French", "fur": "Friulian", "fy": "West Frisian", "gn": "Guarani",
    "got": "Gothic", "gsw": "Swiss German", "gu": "Gujarati", "gv": "Manx", "ha": "Hausa", "haw": "Hawaiian",
    "hbo": "Biblical Hebrew", "hsb": "Upper Sorbian", "ht": "Haitian Creole", "ig": "Igbo", "jv": "Javanese",
    "kk": "Kazakh", "kl": "Greenlandic", "km": "Khmer", "kn": "Kannada", "ku": "Kurdish", "ky": "Kyrgyz",
    "lb": "Luxembourgish", "lij": "Ligurian", "lo": "Lao", "mg": "Malagasy", "mi": "Māori", "mk": "Macedonian",
    "ml": "Malayalam", "mn": "Mongolian", "mr": "Marathi", "my": "Burmese", "nah": "Nahuatl", "nap": "Neapolitan",
    "nb": "Norwegian Bokmål", "nds": "Low German", "ne": "Nepali", "non": "Old Norse", "oc": "Occitan",
    "or": "Odia", "ota": "Ottoman Turkish", "pa": "Punjabi", "qu": "Quechua", "rm": "Romansh", "ro-md": "Moldovan",
    "sc": "Sardinian", "scn": "Sicilian", "sco": "Scots", "sd": "Sindhi", "se": "Northern Sámi",
    "sh": "Serbo-Croatian", "si": "Sinhala", "sm": "Samoan", "so": "Somali", "sq": "Albanian", "su": "Sundanese",
    "syr": "Syriac", "szl": "Silesian", "tg": "Tajik", "tk": "Turkmen", "tl": "Tagalog", "to": "Tongan",
    "tt": "Tatar", "vec": "Venetian", "wa": "Walloon", "xh": "Xhosa", "yo": "Yoruba", "zu": "Zulu",
}  # fmt: skip

#: {{zh}} and {{Infobox Chinese}}: parameter → what it is, in the order the template shows them.
CHINESE_FORMS = {
    "c": "Chinese", "s": "Simplified Chinese", "t": "Traditional Chinese", "p": "Hanyu Pinyin",
    "hp": "Hanyu Pinyin", "tp": "Tongyong Pinyin", "w": "Wade–Giles", "j": "Jyutping", "y": "Cantonese Yale",
    "poj": "Pe̍h-ōe-jī", "l": "Literal meaning",
}  # fmt: skip

#: {{Korean}}: parameter → what it is, in the order of its unnamed ones.
KOREAN_FORMS = {"hangul": "Korean", "hanja": "Hanja", "rr": "RR", "mr": "MR"}

#: A currency's code, sign or name, which is also its template → what the page shows before the amount.
CURRENCIES = {
    "us$": "US$", "usd": "US$", "us dollar": "US$", "a$": "A$", "aud": "A$", "gbp": "£", "£": "£", "eur": "€",
    "euro": "€", "€": "€", "inr": "₹", "₹": "₹", "indian rupee": "₹", "rupee": "₹", "cny": "CN¥", "cn¥": "CN¥",
    "rmb": "RMB", "jpy": "¥", "¥": "¥", "yen": "¥", "hk$": "HK$", "hkd": "HK$", "c$": "C$", "cad": "C$", "krw": "₩",
    "won2": "₩", "sgd": "S$", "s$": "S$", "nz$": "NZ$", "nzd": "NZ$", "nt$": "NT$", "r$": "R$", "brl": "R$",
    "mxn": "Mex$", "chf": "CHF ", "sek": "SEK ", "dkk": "DKK ", "nok": "NOK ", "php": "₱", "₱": "₱", "rub": "₽",
    "₽": "₽", "try": "₺", "pln": "PLN ", "thb": "฿", "baht": "฿", "zar": "R", "pkr": "Rs ", "pkrs": "Rs ",
    "bdt": "৳", "৳": "৳", "uah": "₴", "ngn": "₦", "₦": "₦", "ghs": "GH₵", "ils": "₪", "nis": "₪", "aed": "AED ",
    "sar": "SAR ", "idr": "Rp", "myr": "RM", "rm": "RM", "vnd": "₫", "czk": "CZK ", "huf": "HUF ",
}  # fmt: skip

#: What flags' templates call countries: code → name.
COUNTRIES = {
    "AFG": "Afghanistan", "ALB": "Albania", "ALG": "Algeria", "ARG": "Argentina", "ARM": "Armenia", "AUS": "Australia",
    "AUT": "Austria", "AZE": "Azerbaijan", "BAN": "Bangladesh", "BEL": "Belgium", "BGD": "Bangladesh",
    "BLR": "Belarus", "BOL": "Bolivia", "BRA": "Brazil", "BUL": "Bulgaria", "CAN": "Canada", "CHE": "Switzerland",
    "CHI": "Chile", "CHL": "Chile", "CHN": "China", "CMR": "Cameroon", "COL": "Colombia", "CRO": "Croatia",
    "CUB": "Cuba", "CZE": "Czech Republic", "DEN": "Denmark", "DEU": "Germany", "DNK": "Denmark", "ECU": "Ecuador",
    "EGY": "Egypt", "ENG": "England", "ESP": "Spain", "EST": "Estonia", "ETH": "Ethiopia", "FIN": "Finland",
    "FRA": "France", "FRG": "West Germany", "GBR": "United Kingdom", "GDR": "East Germany", "GEO": "Georgia",
    "GER": "Germany", "GHA": "Ghana", "GRC": "Greece", "GRE": "Greece", "HRV": "Croatia",
    "HUN": "Hungary", "IDN": "Indonesia", "INA": "Indonesia", "IND": "India", "IRE": "Ireland", "IRI": "Iran",
    "IRL": "Ireland", "IRN": "Iran", "IRQ": "Iraq", "ISL": "Iceland", "ISR": "Israel", "ITA": "Italy",
    "JAM": "Jamaica", "JPN": "Japan", "KAZ": "Kazakhstan", "KEN": "Kenya", "KOR": "South Korea", "LTU": "Lithuania",
    "LUX": "Luxembourg", "LVA": "Latvia", "MAR": "Morocco", "MEX": "Mexico", "MYS": "Malaysia", "NED": "Netherlands",
    "NGA": "Nigeria", "NGR": "Nigeria", "NIR": "Northern Ireland", "NLD": "Netherlands", "NOR": "Norway",
    "NZL": "New Zealand", "PAK": "Pakistan", "PAR": "Paraguay", "PER": "Peru", "PHI": "Philippines",
    "PHL": "Philippines", "POL": "Poland", "POR": "Portugal", "PRC": "China", "PRK": "North Korea", "PRT": "Portugal",
    "QAT": "Qatar", "ROC": "Taiwan", "ROU": "Romania", "RSA": "South Africa", "RUS": "Russia", "SAU": "Saudi Arabia",
    "SCO": "Scotland", "SGP": "Singapore", "SRB": "Serbia", "SUI": "Switzerland", "SVK": "Slovakia",
    "SVN": "Slovenia", "SWE": "Sweden", "THA": "Thailand", "TUN": "Tunisia", "TUR": "Turkey", "TWN": "Taiwan",
    "UAE": "United Arab Emirates", "UK": "United Kingdom", "UKR": "Ukraine", "URS": "Soviet Union",
    "URU": "Uruguay", "US": "United States", "USA": "United States", "USSR": "Soviet Union", "VEN": "Venezuela",
    "VIE": "Vietnam", "VNM": "Vietnam", "WAL": "Wales", "YUG": "Yugoslavia", "ZAF": "South Africa",
}  # fmt: skip
