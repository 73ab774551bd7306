"""Fisher's exact test, Wilson's and Newcombe's intervals, the relative change, and the sequential sample ratio, each from its definition.  Run: python3 exact.py > exact.json"""
import json
from mpmath import mp, mpf, loggamma, exp, log, sqrt, erfinv, findroot

mp.dps = 50


def fisher(x1, n1, x2, n2):
    """Sum of all tables at most 1 + 1e-7 times as likely as the observed one, in 50 digits, term by term."""
    hits = x1 + x2
    low, high = max(0, hits - n2), min(n1, hits)
    ratios, term = [mpf(1)], mpf(1)
    for k in range(low, high):
        term = term * (n1 - k) * (hits - k) / ((k + 1) * (n2 - hits + k + 1))
        ratios.append(term)
    limit = ratios[x1 - low] * (1 + mpf('1e-7'))
    return sum(r for r in ratios if r <= limit) / sum(ratios)


def bayes_factor(users, shares, prior):
    total, whole = sum(users), mpf(sum(shares))
    thetas = [mpf(str(s)) / whole for s in shares]
    value = loggamma(prior) - loggamma(prior + total)
    for n, theta in zip(users, thetas):
        value += loggamma(prior * theta + n) - loggamma(prior * theta) - n * log(theta)
    return exp(value)


def sequential_sample_ratio(users, shares):
    return 2 / (bayes_factor(users, shares, 100) + bayes_factor(users, shares, 10000))


def wilson(x, n, z):
    """The roots of (p - x/n)^2 = z^2 p (1 - p) / n."""
    p = mpf(x) / n
    middle, spread, scale = p + z * z / (2 * n), z * sqrt(p * (1 - p) / n + z * z / (4 * mpf(n) ** 2)), 1 + z * z / n
    return (middle - spread) / scale, (middle + spread) / scale


def shares(x1, n1, x2, n2):
    z = sqrt(mpf(2)) * erfinv(mpf('0.95'))
    (l1, u1), (l2, u2), p1, p2 = wilson(x1, n1, z), wilson(x2, n2, z), mpf(x1) / n1, mpf(x2) / n2
    below = lambda r: sqrt((p2 - l2) ** 2 + (r * (u1 - p1)) ** 2)
    above = lambda r: sqrt((u2 - p2) ** 2 + (r * (p1 - l1)) ** 2)
    relative = None
    if x1 > 0:
        low = bisect(lambda r: p2 - r * p1 - below(r) > 0, mpf(0), p2 / p1)
        high = bisect(lambda r: r * p1 - p2 - above(r) < 0, p2 / p1, mpf(10) ** 9)
        relative = [low - 1, high - 1]
    return {'control': [l1, u1], 'interval': [p2 - p1 - below(1), p2 - p1 + above(1)], 'relative': relative}


def bisect(goes_on, low, high):
    for _ in range(200):
        middle = (low + high) / 2
        low, high = (middle, high) if goes_on(middle) else (low, middle)
    return low


def floats(values):
    return values and [float(mp.nstr(mp.chop(v, tol=mpf('1e-40')), 20)) for v in values]


tables = [(0, 1000, 7, 1000), (3, 10, 9, 10), (1, 9, 11, 12), (0, 5, 5, 5), (10, 20, 10, 20), (4, 3000, 0, 100), (0, 7, 0, 9), (12, 12, 14, 14), (2, 1000000, 9, 1000000), (40, 999999, 3, 500000),
          (999990, 1000000, 999999, 1000000), (500, 50000, 1500, 50000), (300000, 600000, 200300, 400000), (3, 4, 250000, 1000000), (30000, 1000000, 35600, 1000000)]
ratios = [([5100, 4900], [0.5, 0.5]), ([50, 50], [1, 1]), ([505000, 495000], [50, 50]), ([500030000, 499970000], [1, 1]), ([900, 101, 999], [9, 1, 10]), ([0, 40], [1, 1]), ([1, 0], [1, 1]), ([60, 5], [1000, 1])]
counts = [(200, 4000, 250, 4000), (48, 80, 56, 70), (3, 10, 9, 10), (0, 1000, 7, 1000), (7, 1000, 0, 1000), (12, 40, 900, 2500), (1, 100, 1, 100), (500, 50000, 1500, 50000),
          (999998, 1000000, 999990, 1000000), (100000000, 1000000000, 100030000, 1000000000), (9, 10, 10, 10), (5, 10, 0, 90000), (17, 31, 17, 31), (2, 900, 40, 17000), (1, 3, 2, 4)]
result = {
    'fisher': [[*t, float(mp.nstr(fisher(*t), 20))] for t in tables],
    'shares': [{'input': t, **{name: floats(values) for name, values in shares(*t).items()}} for t in counts],
    'sequentialSampleRatio': [{'users': u, 'shares': s, 'pValue': float(mp.nstr(min(mpf(1), sequential_sample_ratio(u, s)), 20))} for u, s in ratios],
}
print('{\n' + ',\n'.join(f'  "{name}": [\n    ' + ',\n    '.join(json.dumps(row) for row in rows) + '\n  ]' for name, rows in result.items()) + '\n}')
