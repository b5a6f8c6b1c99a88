"""The names of the vendor's functions, so that what is not there yet is told from what nobody has heard of."""

from __future__ import annotations

from collections.abc import Mapping

_NAMES = {
    "Conditional": "IIF Switch",
    "Conversion": "BinToInt CharFromInt CharToInt ConvertFromCodePage ConvertToCodePage HexToNumber IntToBin IntToHex"
    " ToDegrees ToNumber ToRadians ToString UnicodeNormalize",
    "DateTime": "DateTimeAdd DateTimeDay DateTimeDiff DateTimeFirstOfMonth DateTimeFormat DateTimeHour"
    " DateTimeLastOfMonth DateTimeMinutes DateTimeMonth DateTimeNow DateTimeNowPrecise DateTimeParse DateTimeQuarter"
    " DateTimeSeconds DateTimeStart DateTimeToday DateTimeToLocal DateTimeToUTC DateTimeTrim DateTimeWeekNum"
    " DateTimeWorkDays DateTimeYear ToDate ToDateTime",
    "File": "FileAddPaths FileExists FileGetDir FileGetExt FileGetFileName",
    "Finance": "FinanceCAGR FinanceEffectiveRate FinanceFV FinanceFVSchedule FinanceIRR FinanceMIRR FinanceMXIRR"
    " FinanceNominalRate FinanceNPER FinanceNPV FinancePMT FinancePV FinanceRate FinanceXIRR FinanceXNPV",
    "Math": "Abs ACos ASin ATan ATan2 Average AverageNonNull Ceil Cos CosH Distance Exp Factorial Floor Log Log10"
    " Median Mod Pi Pow Rand RandInt Round Sin SinH SmartRound Sqrt Tan TanH",
    "Math: Bitwise": "BinaryAnd BinaryNot BinaryOr BinaryXOr ShiftLeft ShiftRight",
    "Min/Max": "Between Bound Max MaxIDX Min MinIDX",
    "Spatial": "ST_Area ST_Boundary ST_BoundingRectangle ST_Centroid ST_CentroidX ST_CentroidY ST_Combine ST_Contains"
    " ST_ConvexHull ST_CreateLine ST_CreatePoint ST_CreatePolygon ST_Cut ST_Dimension ST_Distance ST_EndPoint"
    " ST_Intersection ST_Intersects ST_InverseIntersection ST_Length ST_MD5 ST_MaxX ST_MaxY ST_MinX ST_MinY"
    " ST_NumParts ST_NumPoints ST_ObjectType ST_PointN ST_RandomPoint ST_Relate ST_StartPoint ST_Touches"
    " ST_TouchesOrIntersects ST_Within",
    "Specialized": "Coalesce EscapeXMLMetacharacters GetEnvironmentVariable GetVal Message Null RangeMedian"
    " ReadRegistryString Soundex Soundex_Digits TOPNIDX UrlEncode UrlEncodeUTF8",
    "String": "Contains CountWords DecomposeUnicodeForMatch EndsWith FindNth FindString GetLeft GetPart GetRight"
    " GetWord Left Length LowerCase MD5_ASCII MD5_UNICODE MD5_UTF8 PadLeft PadRight REGEX_CountMatches REGEX_Match"
    " REGEX_Replace Replace ReplaceChar ReplaceFirst ReverseString Right StartsWith STRCSPN StripQuotes STRSPN"
    " Substring TitleCase Trim TrimLeft TrimRight UpperCase UuidCreate",
    "Test": "CompareDictionary CompareDigits CompareEpsilon EqualStrings IsEmpty IsInteger IsLowerCase IsNull IsNumber"
    " IsSpatialObj IsString IsUpperCase",
}

CATALOGUE: Mapping[str, tuple[str, ...]] = {category: tuple(names.split()) for category, names in _NAMES.items()}
"""The names by the category of the expression editor."""

_SPELLINGS = {name.lower(): name for names in CATALOGUE.values() for name in names}


def spelling(name: str) -> str | None:
    """How the vendor spells the function called *name* in any case; nothing when it has none."""
    return _SPELLINGS.get(name.lower())
