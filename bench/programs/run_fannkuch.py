# Permutations in small lists of ints.
def fannkuch(n):
    count = list(range(1, n + 1))
    perm1 = list(range(n))
    most, checksum, r, sign = 0, 0, n, 1
    while True:
        first = perm1[0]
        if first:
            flips, perm = 0, perm1[:]
            while first:
                perm[:first + 1] = perm[first::-1]
                first = perm[0]
                flips += 1
            if flips > most:
                most = flips
            checksum += sign * flips
        if sign == 1:
            perm1[0], perm1[1] = perm1[1], perm1[0]
            sign = -1
        else:
            perm1[1], perm1[2] = perm1[2], perm1[1]
            sign = 1
            for r in range(2, n):
                if count[r] != 1:
                    count[r] -= 1
                    break
                count[r] = r + 1
                if r == n - 1:
                    return checksum, most
                t = perm1[0]
                perm1[:r + 1] = perm1[1:r + 2]
                perm1[r + 1] = t
            else:
                return checksum, most


print(fannkuch(9))
