# Reference values of the methods, from R's own tests on raw data.  Run: Rscript methods.R > methods.json
number <- function(x) ifelse(is.na(x), "null", ifelse(is.infinite(x), "null", sprintf("%.17g", x)))
row <- function(...) {
  parts <- list(...)
  paste0("{ ", paste(sprintf('"%s": %s', names(parts), sapply(parts, function(v) if (length(v) == 1) number(v) else paste0("[", paste(number(v), collapse = ", "), "]"))), collapse = ", "), " }")
}
table <- list()
add <- function(name, ...) table[[name]] <<- c(table[[name]], row(...))

# Shares: z-test and Wilson from prop.test; Newcombe's hybrid and its ratio (root of the same condition) put together from the Wilson limits.
shares <- list(c(200, 4000, 250, 4000), c(48, 80, 56, 70), c(3, 10, 9, 10), c(0, 1000, 7, 1000), c(7, 1000, 0, 1000), c(12, 40, 900, 2500), c(1, 100, 1, 100),
  c(500, 50000, 1500, 50000), c(999998, 1e6, 999990, 1e6), c(1e8, 1e9, 1.0003e8, 1e9), c(9, 10, 10, 10), c(5, 10, 0, 90000), c(17, 31, 17, 31), c(2, 900, 40, 17000))
for (s in shares) {
  test <- suppressWarnings(prop.test(c(s[3], s[1]), c(s[4], s[2]), correct = FALSE))
  w1 <- suppressWarnings(prop.test(s[1], s[2], correct = FALSE)$conf.int); w2 <- suppressWarnings(prop.test(s[3], s[4], correct = FALSE)$conf.int)
  p1 <- s[1] / s[2]; p2 <- s[3] / s[4]
  low <- p2 - p1 - sqrt((p2 - w2[1])^2 + (w1[2] - p1)^2); high <- p2 - p1 + sqrt((w2[2] - p2)^2 + (p1 - w1[1])^2)
  ratio <- c(NA, NA)
  if (p1 > 0) {
    lower <- function(r) p2 - r * p1 - sqrt((p2 - w2[1])^2 + r^2 * (w1[2] - p1)^2)
    upper <- function(r) r * p1 - p2 - sqrt((w2[2] - p2)^2 + r^2 * (p1 - w1[1])^2)
    ratio[1] <- if (p2 == 0) 0 else uniroot(lower, c(0, p2 / p1), tol = 1e-15)$root
    ratio[2] <- uniroot(upper, c(p2 / p1, 1e7), tol = 1e-15)$root
  }
  pooled <- (s[1] + s[3]) / (s[2] + s[4])
  p <- 2 * pnorm(-abs(p2 - p1) / sqrt(pooled * (1 - pooled) * (1 / s[2] + 1 / s[4])))
  stopifnot(abs(p - test$p.value) <= 1e-6 * p + 1e-15)
  add("shares", input = s, pValue = p, controlInterval = c(w1), treatmentInterval = c(w2), interval = c(low, high), relative = ratio - 1)
}

# Means: Welch's test on raw data of unequal sizes and spreads, at two confidences, with a large offset, and with one group that does not vary.
set.seed(20260601)
samples <- list(list(rnorm(12, 5, 1), rnorm(40, 6, 3)), list(rpois(300, 0.4), rpois(1000, 0.5)), list(rexp(25), rexp(3)), list(-3 + rnorm(50), -2.2 + rnorm(60)),
  list(1e9 + rnorm(30), 1e9 + 0.5 + rnorm(20)), list(rep(2, 10), rnorm(9, 3)), list(c(1, 2), c(4, 9)))
moments <- function(x) { m <- mean(x); c(length(x), m, sum((x - m)^2)) }
for (s in samples) {
  for (level in c(0.95, 0.9)) {
    t <- t.test(s[[2]], s[[1]], conf.level = level)
    reach <- qt((1 + level) / 2, t$parameter); v <- sapply(s, function(x) var(x) / length(x)); m <- sapply(s, mean)
    limits <- c(NA, NA)
    if (m[1]^2 > reach^2 * v[1]) {
      # Fieller by the roots of (m2 - r m1)^2 = reach^2 (v2 + r^2 v1)
      roots <- Re(polyroot(c(m[2]^2 - reach^2 * v[2], -2 * m[1] * m[2], m[1]^2 - reach^2 * v[1])))
      limits <- sort((roots - 1) * sign(m[1]))
    }
    add("means", control = moments(s[[1]]), treatment = moments(s[[2]]), confidence = level, t = t$statistic, degreesOfFreedom = t$parameter, pValue = t$p.value,
      interval = c(t$conf.int), relative = limits)
  }
}

# One-sided answers: non-inferiority of means with margin 0.3 where up is good.
for (s in samples[1:4]) {
  interval <- t.test(s[[2]], s[[1]], conf.level = 0.9)$conf.int
  add("nonInferiority", interval = c(interval), margin = 0.3, harmed = as.numeric(t.test(s[[2]], s[[1]], alternative = "less")$p.value < 0.05),
    safe = as.numeric(t.test(s[[2]], s[[1]], alternative = "greater", mu = -0.3)$p.value < 0.05))
}

# Ratios: the delta method as the variance of y - R x; a correlated denominator, and one with zeros.
pairs <- function(n, shift) { x <- rpois(n, 4); y <- rbinom(n, x, 0.3 + shift) + rpois(n, 0.1); list(x = x, y = y) }
pairMoments <- function(p) c(length(p$x), mean(p$x), sum((p$x - mean(p$x))^2), mean(p$y), sum((p$y - mean(p$y))^2), sum((p$x - mean(p$x)) * (p$y - mean(p$y))))
for (n in list(c(200, 300), c(50, 2000), c(5000, 4000))) {
  a <- pairs(n[1], 0); b <- pairs(n[2], 0.02)
  ratio <- c(sum(a$y) / sum(a$x), sum(b$y) / sum(b$x))
  error <- c(sqrt(var(a$y - ratio[1] * a$x) / n[1]) / mean(a$x), sqrt(var(b$y - ratio[2] * b$x) / n[2]) / mean(b$x))
  d <- ratio[2] - ratio[1]; se <- sqrt(sum(error^2))
  add("ratios", control = pairMoments(a), treatment = pairMoments(b), difference = d, standardError = se, pValue = 2 * pnorm(-abs(d / se)), interval = d + c(-1, 1) * qnorm(0.975) * se)
}

# CUPED: Welch's test of y - theta (x - mean x), theta from the regression of all users.
for (n in list(c(200, 300), c(1000, 100))) {
  x <- rgamma(sum(n), 2); y <- 0.8 * x + rnorm(sum(n)); group <- rep(1:2, n); y[group == 2] <- y[group == 2] + 0.2
  theta <- cov(x, y) / var(x); adjusted <- y - theta * (x - mean(x))
  t <- t.test(adjusted[group == 2], adjusted[group == 1])
  before <- t.test(y[group == 2], y[group == 1])
  add("cuped", control = pairMoments(list(x = x[group == 1], y = y[group == 1])), treatment = pairMoments(list(x = x[group == 2], y = y[group == 2])), theta = theta,
    means = c(mean(adjusted[group == 1]), mean(adjusted[group == 2])), pValue = t$p.value, interval = c(t$conf.int), noiseReduction = 1 - (t$stderr / before$stderr)^2)
}

for (s in list(list(c(5100, 4900), c(1, 1)), list(c(505000, 495000), c(0.5, 0.5)), list(c(1000, 2100, 980), c(1, 2, 1)), list(c(0, 40), c(1, 1)), list(c(900, 101), c(9, 1))))
  { test <- chisq.test(s[[1]], p = s[[2]] / sum(s[[2]])); p <- pchisq(test$statistic, test$parameter, lower.tail = FALSE); add("sampleRatio", users = s[[1]], shares = s[[2]], chiSquare = test$statistic, pValue = p) }

for (p in list(c(0.01, 0.04, 0.03, 0.005), c(0.5, 0.9, 0.02), c(1e-200, 0.04, 0.04, 0.03, 0.9, 1), 0.03)) add("adjusted", pValues = c(p, NA), holm = c(p.adjust(p, "holm"), NA), bh = c(p.adjust(p, "BH"), NA))

for (p in list(c(0.1, 0.11, 0.8, 0.05), c(0.02, 0.025, 0.9, 0.05), c(0.5, 0.45, 0.8, 0.01), c(0.001, 0.002, 0.95, 0.05)))
  add("usersForShares", control = p[1], treatment = p[2], power = p[3], alpha = p[4], users = ceiling(power.prop.test(p1 = p[1], p2 = p[2], power = p[3], sig.level = p[4], tol = 1e-10)$n))
for (p in list(c(2000, 0.1, 0.12, 0.05), c(100, 0.5, 0.6, 0.05), c(50000, 0.01, 0.012, 0.01)))
  add("powerOfShares", users = p[1], control = p[2], treatment = p[3], alpha = p[4], power = power.prop.test(n = p[1], p1 = p[2], p2 = p[3], sig.level = p[4])$power)
for (p in list(c(2000, 0.1, 0.8), c(100, 0.5, 0.9), c(50000, 0.01, 0.8), c(300, 0.9, 0.8)))
  add("smallestShare", users = p[1], control = p[2], power = p[3], difference = power.prop.test(n = p[1], p1 = p[2], power = p[3], tol = 1e-14)$p2 - p[2])
# Student's exact sizes, which the normal formula nears in large groups.
for (p in list(c(10, 1, 0.8), c(3, 0.05, 0.9), c(1, 0.02, 0.8))) add("usersForMeans", deviation = p[1], difference = p[2], power = p[3], users = power.t.test(delta = p[2], sd = p[1], power = p[3])$n)

cat("{\n", paste(sprintf('  "%s": [\n    %s\n  ]', names(table), sapply(table, paste, collapse = ",\n    ")), collapse = ",\n"), "\n}\n", sep = "")
