"""Exact deviations for tails.test.ts: where the tail of a negative binomial count lies on the normal distribution.

The tail includes the observed count. Standard library only: python3 tails.py
"""
from math import exp, lgamma, log
from statistics import NormalDist

def chance(count, mean, dispersion):
    if dispersion == 0:
        return exp(count * log(mean) - mean - lgamma(count + 1))
    size = 1 / dispersion
    return exp(lgamma(count + size) - lgamma(size) - lgamma(count + 1) + size * log(size / (size + mean)) + count * log(mean / (size + mean)))

def deviation(count, mean, dispersion):
    if count < mean:
        tail = sum(chance(k, mean, dispersion) for k in range(count + 1))
        return NormalDist().inv_cdf(tail)
    tail, k = 0.0, count
    while True:
        more = chance(k, mean, dispersion)
        tail += more
        if more < tail * 1e-12 and k > mean:
            return -NormalDist().inv_cdf(tail)
        k += 1

for case in [(0, 20, 0), (5, 20, 0), (40, 20, 0), (60, 100, 0), (150, 100, 0), (20, 5, 0), (50, 100, 0.02), (180, 100, 0.02), (12, 60, 0.1), (160, 60, 0.1)]:
    print(case, round(deviation(*case), 3))
for mean, dispersion in [(15, 0), (15, 0.2)]:
    print("zero", mean, dispersion, round(log(chance(0, mean, dispersion)), 4))
