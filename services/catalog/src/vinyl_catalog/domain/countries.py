"""Countries as Discogs names them, and their ISO 3166-1 codes.

Regions ("Europe"), pairs ("UK & Europe") and states that no longer are ("USSR") have no code. A state that
only changed its name ("Burma") has the code of today.
"""

_TABLE = """
AD Andorra
AE United Arab Emirates
AF Afghanistan
AG Antigua & Barbuda|Antigua and Barbuda
AI Anguilla
AL Albania
AM Armenia
AO Angola
AQ Antarctica
AR Argentina
AS American Samoa
AT Austria
AU Australia
AW Aruba
AZ Azerbaijan
BA Bosnia & Herzegovina|Bosnia and Herzegovina
BB Barbados
BD Bangladesh
BE Belgium
BF Burkina Faso|Upper Volta
BG Bulgaria
BH Bahrain
BI Burundi
BJ Benin|Dahomey
BM Bermuda
BN Brunei
BO Bolivia
BR Brazil
BS Bahamas, The|Bahamas|The Bahamas
BT Bhutan
BW Botswana
BY Belarus
BZ Belize
CA Canada
CC Cocos (Keeling) Islands
CD Congo, Democratic Republic of the|Zaire|DR Congo
CF Central African Republic
CG Congo, Republic of the
CH Switzerland
CI Ivory Coast|Côte d'Ivoire|Cote d'Ivoire
CK Cook Islands
CL Chile
CM Cameroon
CN China
CO Colombia
CR Costa Rica
CU Cuba
CV Cape Verde|Cabo Verde
CW Curaçao|Curacao
CX Christmas Island
CY Cyprus
CZ Czech Republic|Czechia
DE Germany
DJ Djibouti
DK Denmark
DM Dominica
DO Dominican Republic
DZ Algeria
EC Ecuador
EE Estonia
EG Egypt
EH Western Sahara
ER Eritrea
ES Spain
ET Ethiopia
FI Finland
FJ Fiji
FK Falkland Islands|Falkland Islands (Islas Malvinas)
FM Micronesia|Micronesia, Federated States of
FO Faroe Islands
FR France
GA Gabon
GB UK|United Kingdom
GD Grenada
GE Georgia
GF French Guiana
GG Guernsey
GH Ghana
GI Gibraltar
GL Greenland
GM Gambia, The|Gambia|The Gambia
GN Guinea
GP Guadeloupe
GQ Equatorial Guinea
GR Greece
GT Guatemala
GU Guam
GW Guinea-Bissau
GY Guyana
HK Hong Kong
HN Honduras
HR Croatia
HT Haiti
HU Hungary
ID Indonesia
IE Ireland
IL Israel
IM Man, Isle of|Isle of Man|Isle Of Man
IN India
IO British Indian Ocean Territory
IQ Iraq
IR Iran
IS Iceland
IT Italy
JE Jersey
JM Jamaica
JO Jordan
JP Japan
KE Kenya
KG Kyrgyzstan
KH Cambodia|Khmer Republic
KI Kiribati
KM Comoros
KN Saint Kitts and Nevis|St. Kitts & Nevis
KP North Korea|Korea, North
KR South Korea|Korea, South
KW Kuwait
KY Cayman Islands
KZ Kazakhstan
LA Laos
LB Lebanon
LC Saint Lucia|St. Lucia
LI Liechtenstein
LK Sri Lanka|Ceylon
LR Liberia
LS Lesotho
LT Lithuania
LU Luxembourg
LV Latvia
LY Libya
MA Morocco
MC Monaco
MD Moldova|Moldova, Republic of
ME Montenegro
MF Saint Martin
MG Madagascar
MH Marshall Islands
MK Macedonia|North Macedonia
ML Mali
MM Myanmar|Burma
MN Mongolia
MO Macau|Macao
MP Northern Mariana Islands
MQ Martinique
MR Mauritania
MS Montserrat
MT Malta
MU Mauritius
MV Maldives
MW Malawi
MX Mexico
MY Malaysia
MZ Mozambique
NA Namibia
NC New Caledonia
NE Niger
NF Norfolk Island
NG Nigeria
NI Nicaragua
NL Netherlands
NO Norway
NP Nepal
NR Nauru
NU Niue
NZ New Zealand
OM Oman
PA Panama
PE Peru
PF French Polynesia
PG Papua New Guinea
PH Philippines
PK Pakistan
PL Poland
PM Saint Pierre and Miquelon
PN Pitcairn Islands
PR Puerto Rico
PS Palestine|Palestinian territories, Occupied
PT Portugal
PW Palau
PY Paraguay
QA Qatar
RE Reunion|Réunion
RO Romania
RS Serbia
RU Russia
RW Rwanda
SA Saudi Arabia
SB Solomon Islands
SC Seychelles
SD Sudan
SE Sweden
SG Singapore
SH Saint Helena
SI Slovenia
SJ Svalbard
SK Slovakia
SL Sierra Leone
SM San Marino
SN Senegal
SO Somalia
SR Suriname
SS South Sudan
ST Sao Tome and Principe|São Tomé and Príncipe
SV El Salvador
SX Sint Maarten
SY Syria
SZ Swaziland|Eswatini
TC Turks and Caicos Islands
TD Chad
TF French Southern & Antarctic Lands
TG Togo
TH Thailand|Siam
TJ Tajikistan
TK Tokelau
TL East Timor|Timor-Leste
TM Turkmenistan
TN Tunisia
TO Tonga
TR Turkey
TT Trinidad & Tobago|Trinidad and Tobago
TV Tuvalu
TW Taiwan
TZ Tanzania
UA Ukraine
UG Uganda
US US|USA|United States
UY Uruguay
UZ Uzbekistan
VA Vatican City|Holy See (Vatican City)
VC Saint Vincent and the Grenadines|St. Vincent
VE Venezuela
VG British Virgin Islands|Virgin Islands, British
VI Virgin Islands|US Virgin Islands|Virgin Islands, U.S.
VN Vietnam|Viet Nam
VU Vanuatu
WF Wallis and Futuna
WS Samoa|Western Samoa
YE Yemen
YT Mayotte
ZA South Africa
ZM Zambia
ZW Zimbabwe
"""
_CODES = {name: line[:2] for line in _TABLE.strip().splitlines() for name in line[3:].split("|")}


def country_code_of(name: str | None) -> str | None:
    """ "GB" for "UK"; None for a region, a pair of countries or a state that no longer is."""
    return _CODES.get(name) if name else None
