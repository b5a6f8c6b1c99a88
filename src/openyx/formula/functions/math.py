"""Functions of numbers; null when an argument is null, unless they say otherwise."""

from __future__ import annotations

import math

from openyx.formula.shelf import DOUBLE, INTEGER, NUMBER, World, function
from openyx.relation.expr import Expr, literal
from openyx.relation.kernels import codes, geometry, lists, rounding


@function("Abs", (NUMBER,), returns=NUMBER)
def absolute(number: Expr) -> Expr:
    """The number without its sign.

    Abs(-3)     -> 3
    Abs(-1.5)   -> 1.5
    Abs(Null()) -> Null()
    """
    return rounding.absolute(number)


@function("ACos", (DOUBLE,), returns=NUMBER)
def acos(number: Expr) -> Expr:
    """The angle, in radians, of which *number* is the cosine; null outside -1 to 1.

    Round(ACos(0.5), 0.000001) -> 1.047198
    ACos(2)                    -> Null()
    """
    return geometry.real("acos", number)


@function("ASin", (DOUBLE,), returns=NUMBER)
def asin(number: Expr) -> Expr:
    """The angle, in radians, of which *number* is the sine; null outside -1 to 1.

    Round(ASin(0.5), 0.000001) -> 0.523599
    """
    return geometry.real("asin", number)


@function("ATan", (DOUBLE,), returns=NUMBER)
def atan(number: Expr) -> Expr:
    """The angle, in radians, of which *number* is the tangent.

    Round(ATan(0.8), 0.000001) -> 0.674741
    """
    return geometry.real("atan", number)


@function("ATan2", (DOUBLE, DOUBLE), returns=NUMBER)
def atan2(y: Expr, x: Expr) -> Expr:
    """The angle, in radians, of the point (*x*, *y*).

    Round(ATan2(4, -3), 0.0001) -> 2.2143
    """
    return geometry.angle(y, x)


@function("Average", (DOUBLE,), returns=NUMBER)
def average(first: Expr, *others: Expr) -> Expr:
    """The mean; null counts as 0.

    Average(20, 30, 55)         -> 35
    Average(20, 30, 55, Null()) -> 26.25
    """
    return lists.average([first, *others])


@function("AverageNonNull", (DOUBLE,), returns=NUMBER)
def average_non_null(first: Expr, *others: Expr) -> Expr:
    """The mean of what is not null.

    AverageNonNull(20, 30, 55, Null()) -> 35
    AverageNonNull(Null(), Null())     -> Null()
    """
    return lists.average_of_known([first, *others])


@function("Ceil", (NUMBER, NUMBER), returns=NUMBER)
def ceil(number: Expr, multiple: Expr | None = None) -> Expr:
    """The next whole number, or multiple of *multiple*, that is not less.

    Ceil(9.567)    -> 10
    Ceil(-4.5)     -> -4
    Ceil(9.12, .1) -> 9.2
    """
    return rounding.raised(number, multiple)


@function("Cos", (DOUBLE,), returns=NUMBER)
def cos(angle: Expr) -> Expr:
    """The cosine of an angle in radians.

    Round(Cos(1), 0.00001) -> 0.5403
    """
    return geometry.real("cos", angle)


@function("CosH", (DOUBLE,), returns=NUMBER)
def cosh(number: Expr) -> Expr:
    """The hyperbolic cosine.

    CosH(0) -> 1
    """
    return geometry.real("cosh", number)


@function("Distance", (DOUBLE, DOUBLE, DOUBLE, DOUBLE), returns=NUMBER)
def distance(latitude: Expr, longitude: Expr, other_latitude: Expr, other_longitude: Expr) -> Expr:
    """The miles from one point to another, on the ellipsoid WGS 84; 0 for a null.

    Between(Distance(42, -90, 43, -80), 514.5, 515.5) -> True
    Distance(42, -90, 42, -90)                        -> 0
    Distance(Null(), -90, 43, -80)                    -> 0
    """
    return geometry.miles(latitude, longitude, other_latitude, other_longitude)


@function("Exp", (DOUBLE,), returns=NUMBER)
def exp(number: Expr) -> Expr:
    """e to the power of *number*.

    Exp(0) -> 1
    """
    return geometry.real("exp", number)


@function("Factorial", (DOUBLE,), returns=NUMBER)
def factorial(number: Expr) -> Expr:
    """The product of the whole numbers up to *number*.

    Factorial(5)  -> 120
    Factorial(-1) -> Null()
    """
    return rounding.factorial(number)


@function("Floor", (NUMBER, NUMBER), returns=NUMBER)
def floor(number: Expr, multiple: Expr | None = None) -> Expr:
    """The next whole number, or multiple of *multiple*, that is not greater.

    Floor(4.567) -> 4
    Floor(-4.5)  -> -5
    Floor(17, 5) -> 15
    """
    return rounding.lowered(number, multiple)


@function("Log", (DOUBLE,), returns=NUMBER)
def log(number: Expr) -> Expr:
    """The natural logarithm; null for what is not positive.

    Round(Log(18), 0.00001) -> 2.89037
    Log(-1)                 -> Null()
    """
    return geometry.logarithm(number)


@function("Log10", (DOUBLE,), returns=NUMBER)
def log10(number: Expr) -> Expr:
    """The logarithm to base 10; null for what is not positive.

    Log10(100) -> 2
    """
    return geometry.logarithm(number, 10)


@function("Median", (DOUBLE,), returns=NUMBER)
def median(first: Expr, *others: Expr) -> Expr:
    """The middle one of the numbers, or the mean of the middle two; null counts as 0.

    Median(5, 4, 3, 7, 6)  -> 5
    Median(1, 2)           -> 1.5
    Median(Null(), Null()) -> 0
    """
    return lists.median([first, *others])


@function("Mod", (INTEGER, INTEGER), returns=NUMBER)
def mod(number: Expr, divisor: Expr) -> Expr:
    """What is left of *number* when it is divided, both cut to whole numbers; it has the sign of *number*.

    Mod(6, 4)   -> 2
    Mod(6, -4)  -> 2
    Mod(-6, 4)  -> -2
    Mod(7.9, 4) -> 3
    Mod(6, 0)   -> Null(), Mod: divided by 0
    """
    return rounding.remainder(number, divisor)


@function("Pi", returns=NUMBER)
def pi() -> Expr:
    """The number pi.

    Round(Pi(), 0.00001) -> 3.14159
    """
    return literal(math.pi)


@function("Pow", (DOUBLE, DOUBLE), returns=NUMBER)
def pow_(number: Expr, exponent: Expr) -> Expr:
    """*number* to the power of *exponent*.

    Pow(2, 3)    -> 8
    Pow(-8, 0.5) -> Null()
    """
    return geometry.power(number, exponent)


@function("Rand", returns=NUMBER, by_chance=True)
def rand(world: World) -> Expr:
    """A random number from 0 up to and without 1.

    Between(Rand(), 0, 1) -> True
    """
    return codes.random_number(world.context.chance, world.record)


@function("RandInt", (INTEGER,), returns=NUMBER, by_chance=True)
def rand_int(world: World, greatest: Expr) -> Expr:
    """A random whole number from 0 to *greatest*, both included.

    Between(RandInt(5), 0, 5) -> True
    RandInt(Null())           -> 0
    """
    return codes.random_integer(world.context.chance, greatest, world.record)


@function("Round", (DOUBLE, DOUBLE), returns=NUMBER)
def round_(number: Expr, multiple: Expr) -> Expr:
    """The nearest multiple of *multiple*, half away from zero.

    Round(55.34567, 2)    -> 56
    Round(55.34567, 0.1)  -> 55.3
    Round(39.88, 10)      -> 40
    Round(2.675, 0.01)    -> 2.68
    Round(163.575, 0.01)  -> 163.57
    Round(4.975, 0.01)    -> 4.97
    Round(112.415, 0.01)  -> 112.42
    Round(Average(100, 124.83), 0.01) -> 112.41
    Round(-2.5, 1)        -> -3
    Round(11, 0)          -> Null()
    Round(Null(), 1)      -> Null()
    """
    return rounding.rounded(number, multiple)


@function("Sin", (DOUBLE,), returns=NUMBER)
def sin(angle: Expr) -> Expr:
    """The sine of an angle in radians.

    Round(Sin(90), 0.00001) -> 0.894
    """
    return geometry.real("sin", angle)


@function("SinH", (DOUBLE,), returns=NUMBER)
def sinh(number: Expr) -> Expr:
    """The hyperbolic sine.

    SinH(0) -> 0
    """
    return geometry.real("sinh", number)


@function("SmartRound", (DOUBLE,), returns=NUMBER)
def smart_round(number: Expr) -> Expr:
    """The number rounded to a step that its magnitude chooses.

    SmartRound(15.297)  -> 15.25
    SmartRound(25.892)  -> 26
    SmartRound(17.514)  -> 17.5
    SmartRound(15.135)  -> 15.25
    SmartRound(0.05405) -> 0.054
    SmartRound(8.432)   -> 8.4
    SmartRound(17.081)  -> 17
    SmartRound(0)       -> 0
    """
    return rounding.smartly(number)


@function("Sqrt", (DOUBLE,), returns=NUMBER)
def sqrt(number: Expr) -> Expr:
    """The square root; null for a negative number.

    Sqrt(100) -> 10
    Sqrt(-1)  -> Null()
    """
    return geometry.real("sqrt", number)


@function("Tan", (DOUBLE,), returns=NUMBER)
def tan(angle: Expr) -> Expr:
    """The tangent of an angle in radians.

    Round(Tan(1), 0.00001) -> 1.55741
    """
    return geometry.real("tan", angle)


@function("TanH", (DOUBLE,), returns=NUMBER)
def tanh(number: Expr) -> Expr:
    """The hyperbolic tangent.

    TanH(0) -> 0
    """
    return geometry.real("tanh", number)
