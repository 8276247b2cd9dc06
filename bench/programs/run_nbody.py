# Float arithmetic on lists.
def advance(bodies, pairs, dt, steps):
    for _ in range(steps):
        for (p1, v1, m1), (p2, v2, m2) in pairs:
            dx = p1[0] - p2[0]
            dy = p1[1] - p2[1]
            dz = p1[2] - p2[2]
            magnitude = dt / ((dx * dx + dy * dy + dz * dz) ** 1.5)
            b1, b2 = m1 * magnitude, m2 * magnitude
            v1[0] -= dx * b2
            v1[1] -= dy * b2
            v1[2] -= dz * b2
            v2[0] += dx * b1
            v2[1] += dy * b1
            v2[2] += dz * b1
        for p, v, _ in bodies:
            p[0] += dt * v[0]
            p[1] += dt * v[1]
            p[2] += dt * v[2]


def energy(bodies, pairs):
    e = 0.0
    for (p1, _, m1), (p2, _, m2) in pairs:
        e -= m1 * m2 / (sum((a - b) ** 2 for a, b in zip(p1, p2)) ** 0.5)
    for _, v, m in bodies:
        e += m * sum(c * c for c in v) / 2
    return e


def main():
    bodies = [
        ([0.0, 0.0, 0.0], [0.0, 0.0, 0.0], 39.5),
        ([4.84, -1.16, -0.10], [0.606, 2.811, -0.025], 0.0377),
        ([8.34, 4.12, -0.40], [-1.010, 1.825, 0.008], 0.0113),
        ([12.89, -15.11, -0.22], [1.083, 0.868, -0.010], 0.0017),
        ([15.37, -25.92, 0.18], [0.979, 0.594, -0.034], 0.0020),
    ]
    pairs = [(a, b) for i, a in enumerate(bodies) for b in bodies[i + 1:]]
    advance(bodies, pairs, 0.01, 120000)
    print("%.9f" % energy(bodies, pairs))


main()
