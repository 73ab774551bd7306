"""Reference values of tails and quantiles, with 60 digits of mpmath.  Run: python3 distributions.py > distributions.json

Student's tail of large degrees of freedom is integrated numerically, since the hypergeometric series takes too long there.
"""
import json
from mpmath import mp, mpf, erfc, sqrt, quad, inf, loggamma, log, exp, pi, gammainc, betainc, findroot, erfinv, ncdf

mp.dps = 60


def number(value):
    return float(mp.nstr(value, 25))


def normal_upper(z):
    return erfc(mpf(z) / sqrt(2)) / 2


def t_upper(t, df):
    t, df = mpf(t), mpf(df)
    if df <= 200:
        return betainc(df / 2, mpf(1) / 2, 0, df / (df + t * t), regularized=True) / 2
    lead = loggamma((df + 1) / 2) - loggamma(df / 2) - log(df * pi) / 2
    def density(x):
        return exp(lead - (df + 1) / 2 * mp.log1p(x * x / df))
    width = 1 / max(t, mpf(1))
    return quad(density, [t + width * k for k in (0, 0.5, 1, 2, 4, 8, 16, 32, 64, 128)] + [t + width * 400])


def chi_square_upper(x, df):
    return gammainc(mpf(df) / 2, mpf(x) / 2, inf, regularized=True)


def bisect(tail, p, high):
    low, high = mpf(0), mpf(high)
    while tail(high) > p:
        low, high = high, high * 8
    for _ in range(130):
        middle = sqrt(low * high) if low > 1e-3 else (low + high) / 2
        low, high = (middle, high) if tail(middle) > p else (low, middle)
    return (low + high) / 2


def upper_points(p):
    """The upper tail of a probability that may lie above one half, exactly as the double stands."""
    return 1 - mpf(p)


normal_z = [0, 1e-10, 1e-3, 0.1, 0.5, 1, 1.6448536269514722, 1.959963984540054, 2.5758293035489, 3.3, 4.5, 6, 8.3, 10, 15, 20, 25, 30, 35, 36.9, 37.04]
t_df = [1, 1.5, 2, 3, 5.75, 10, 29.3, 100, 199.5, 1000, 12345.6, 1e5, 3e5, 1e6, 1e7, 1e8, 2e9]
t_values = [1e-3, 0.1, 0.5, 1, 1.96, 2.5758, 4.5, 8.3, 12, 20, 30, 36.9, 1e3, 1e8, 1e60, 1e150, 1e200]
chi_df = [1, 2, 3, 4, 7, 19, 50, 99]
chi_x = [1e-6, 0.1, 1, 3.841458820694124, 7, 10.83, 15, 40, 100, 400, 900, 1300, 1375]
probabilities = [1e-15, 1e-14, 1e-12, 1e-9, 1e-6, 1e-4, 0.001, 0.005, 0.025, 0.05, 0.1, 0.2, 0.3, 0.45, 0.4999, 0.5001, 0.7, 0.8, 0.9, 0.95, 0.975, 0.995, 0.9995, 0.999999, 1 - 1e-9, 1 - 1e-12, 1 - 1e-14, 1 - 1e-15]
quantile_df = [1, 1.5, 2, 3, 5.75, 29.3, 199.5, 1000, 12345.6, 1e6, 2e9]

result = {'normalUpper': [], 'tTwoSided': [], 'chiSquareUpper': [], 'normalQuantile': [], 'tQuantile': []}
for z in normal_z:
    result['normalUpper'].append([z, number(normal_upper(z))])
for df in t_df:
    for t in t_values:
        if df > 200 and t > 40:
            continue
        p = 2 * t_upper(t, df)
        if p >= mpf('1e-300'):
            result['tTwoSided'].append([t, df, number(p)])
for df in chi_df:
    for x in chi_x:
        p = chi_square_upper(x, df)
        if p >= mpf('1e-300'):
            result['chiSquareUpper'].append([x, df, number(p)])
for p in probabilities:
    upper = min(mpf(p), 1 - mpf(p))
    z = bisect(normal_upper, upper, 40)
    result['normalQuantile'].append([p, number(-z if p < 0.5 else z)])
for df in quantile_df:
    for p in probabilities:
        if df > 200 and p not in (1e-15, 1e-9, 0.001, 0.025, 0.4999, 0.8, 0.975, 0.9995, 1 - 1e-12, 1 - 1e-15):
            continue
        upper = min(mpf(p), 1 - mpf(p))
        saved, mp.dps = mp.dps, 32
        t = bisect(lambda x: t_upper(x, df), upper, 1)
        mp.dps = saved
        result['tQuantile'].append([p, df, number(-t if p < 0.5 else t)])
print('{\n' + ',\n'.join(f'  "{name}": [\n    ' + ',\n    '.join(json.dumps(row) for row in rows) + '\n  ]' for name, rows in result.items()) + '\n}')
