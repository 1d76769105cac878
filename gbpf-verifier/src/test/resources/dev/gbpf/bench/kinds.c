/*
 * Kinds of code that policies are made of, for the benchmark of the verifier. Each KIND_name(N) defines a function
 * kind_name_N(in, acc) with constants of its own; `in` is a buffer of 256 bytes in a map, `acc` what came before.
 */
#include "gbpf.h"

GBPF_POLICY("kinds");

#define ROLLED _Pragma("clang loop unroll(disable)")
#define UNROLLED _Pragma("clang loop unroll(full)")
#define KIND(name, N) static __u64 INLINE kind_##name##_##N(__u8 *in, __u64 acc)

struct input {
    __u8 bytes[256];
};

struct {
    __uint(type, BPF_MAP_TYPE_ARRAY);
    __type(key, __u32);
    __type(value, struct input);
    __uint(max_entries, 1);
} input SEC(".maps");

struct {
    __uint(type, BPF_MAP_TYPE_HASH);
    __type(key, __u32);
    __type(value, __u64);
    __uint(max_entries, 256);
} counts SEC(".maps");

struct pair {
    __u64 sum;
    __u32 least;
    __u32 greatest;
};

struct {
    __uint(type, BPF_MAP_TYPE_HASH);
    __type(key, __u64);
    __type(value, struct pair);
    __uint(max_entries, 64);
} pairs SEC(".maps");

static const __u8 weights[16] = {3, 1, 4, 1, 5, 9, 2, 6, 5, 3, 5, 8, 9, 7, 9, 3};
static __u64 ring[32];
__u64 result;

/* A parser of type-length-value records. */
#define KIND_parser(N) \
    KIND(parser, N) \
    { \
        __u32 at = acc & 15; \
        UNROLLED for (int i = 0; i < 6; i++) { \
            if (at > 240) \
                break; \
            __u8 type = in[at]; \
            __u8 length = in[at + 1]; \
            if (type == (N & 63)) \
                acc += in[at + 2]; \
            else if (type == 0) \
                break; \
            at += 2 + (length & 31); \
        } \
        return acc; \
    }

/* The checksum of the Internet protocol over 64 bytes. */
#define KIND_checksum(N) \
    KIND(checksum, N) \
    { \
        __u32 sum = (__u16)acc; \
        ROLLED for (int i = 0; i < 32; i++) \
            sum += ((__u16 *)in)[i + (N & 15)]; \
        sum = (sum & 0xffff) + (sum >> 16); \
        sum = (sum & 0xffff) + (sum >> 16); \
        return acc + (__u16)~sum; \
    }

/* FNV-1a over 12 bytes, in line. */
#define KIND_hash(N) \
    KIND(hash, N) \
    { \
        __u64 hash = acc ^ 0xcbf29ce484222325ULL; \
        UNROLLED for (int i = 0; i < 12; i++) { \
            hash ^= in[i + (N & 127)]; \
            hash *= 0x100000001b3ULL; \
        } \
        return hash; \
    }

/* A state machine over five bytes. */
#define KIND_machine(N) \
    KIND(machine, N) \
    { \
        __u32 state = acc & 3; \
        UNROLLED for (int i = 0; i < 5; i++) { \
            __u8 c = in[i + (N & 127)]; \
            switch (state) { \
            case 0: \
                state = c == 'a' + (N & 15) ? 1 : 0; \
                break; \
            case 1: \
                state = c < '0' ? 2 : c > '9' ? 0 : 1; \
                break; \
            case 2: \
                acc += c; \
                state = 3; \
                break; \
            default: \
                state = c & 1 ? 0 : 2; \
            } \
        } \
        return acc + state; \
    }

/* A loop whose count is bounded by a test. */
#define KIND_bounded(N) \
    KIND(bounded, N) \
    { \
        __u32 count = in[N & 127]; \
        if (count > 64) \
            count = 64; \
        ROLLED for (__u32 i = 0; i < count; i++) { \
            if (in[i] > (N & 127)) \
                acc += in[i]; \
            else \
                acc ^= i; \
        } \
        return acc; \
    }

/* A loop in a loop over a matrix. */
#define KIND_matrix(N) \
    KIND(matrix, N) \
    { \
        ROLLED for (__u32 row = 0; row < 8; row++) { \
            __u64 sum = 0; \
            ROLLED for (__u32 column = 0; column < 8; column++) \
                sum += in[8 * row + column] * weights[column]; \
            if (sum > acc) \
                acc = sum + (N & 255); \
        } \
        return acc; \
    }

/* A counter in a hash map. */
#define KIND_counter(N) \
    KIND(counter, N) \
    { \
        __u32 key = (acc ^ N) & 255; \
        __u64 *count = bpf_map_lookup_elem(&counts, &key); \
        __u64 first = 1; \
        if (count) \
            __sync_fetch_and_add(count, 1); \
        else \
            bpf_map_update_elem(&counts, &key, &first, BPF_NOEXIST); \
        return acc + key; \
    }

/* Two records of a map that are compared and changed. */
#define KIND_records(N) \
    KIND(records, N) \
    { \
        __u64 one = acc & 63; \
        __u64 other = N & 63; \
        struct pair *a = bpf_map_lookup_elem(&pairs, &one); \
        struct pair *b = bpf_map_lookup_elem(&pairs, &other); \
        if (!a || !b) \
            return acc; \
        if (a->sum < b->sum) { \
            a->sum += b->greatest - b->least; \
            b->least = a->least < b->least ? a->least : b->least; \
        } else { \
            b->greatest = a->greatest; \
        } \
        return acc + a->sum; \
    }

/* Dispatch over many cases. */
#define KIND_dispatch(N) \
    KIND(dispatch, N) \
    { \
        switch (in[N & 255]) { \
        case 1: return acc + N; \
        case 2: return acc ^ in[1]; \
        case 5: return acc * 3; \
        case 7: return acc >> 3; \
        case 12: return acc << 5; \
        case 13: return acc / 7; \
        case 21: return acc % 11; \
        case 40: return acc - in[2]; \
        case 41: return acc & 0xff00ff; \
        case 77: return acc | N; \
        case 99: return ~acc; \
        default: return acc + 1; \
        } \
    }

/* A table of constants. */
#define KIND_table(N) \
    KIND(table, N) \
    { \
        UNROLLED for (int i = 0; i < 4; i++) \
            acc += weights[(acc >> 4 * i) & 15] * in[weights[(N + i) & 15]]; \
        return acc; \
    }

/* Counting and turning bits around. */
#define KIND_bits(N) \
    KIND(bits, N) \
    { \
        __u64 x = acc ^ N; \
        x = x - ((x >> 1) & 0x5555555555555555ULL); \
        x = (x & 0x3333333333333333ULL) + ((x >> 2) & 0x3333333333333333ULL); \
        x = (x + (x >> 4)) & 0x0f0f0f0f0f0f0f0fULL; \
        __u64 ones = x * 0x0101010101010101ULL >> 56; \
        acc = (acc << (ones & 31)) | (acc >> (64 - (ones & 31) & 63)); \
        return __builtin_bswap32((__u32)acc) + ones; \
    }

/* Sums that stop at an end, quotients, averages. */
#define KIND_arithmetic(N) \
    KIND(arithmetic, N) \
    { \
        __u64 sum = acc + *(__u64 *)(in + 8 * (N & 15)); \
        if (sum < acc) \
            sum = ~0ULL; \
        __u64 mean = acc - acc / 8 + sum / 8; \
        __u32 share = sum % (N + 3); \
        __s64 distance = (__s64)mean - (__s64)share; \
        if (distance < 0) \
            distance = -distance; \
        return distance > 1000000 ? mean : distance; \
    }

/* A ring buffer. */
#define KIND_ring(N) \
    KIND(ring, N) \
    { \
        __u32 head = acc & 31; \
        ring[head] = acc; \
        ring[(head + 1) & 31] = in[N & 127]; \
        __u32 tail = (head - (N & 7)) & 31; \
        return acc + ring[tail]; \
    }

/* The greatest of six on the stack, by a network of comparisons. */
#define KIND_sorting(N) \
    KIND(sorting, N) \
    { \
        __u32 v[6]; \
        UNROLLED for (int i = 0; i < 6; i++) \
            v[i] = in[i + (N & 127)] ^ (__u32)acc; \
        UNROLLED for (int i = 0; i < 5; i++) { \
            if (v[i] > v[i + 1]) { \
                __u32 t = v[i]; \
                v[i] = v[i + 1]; \
                v[i + 1] = t; \
            } \
        } \
        return acc + v[5] - v[0]; \
    }

/* Comparison with a word. */
#define KIND_match(N) \
    KIND(match, N) \
    { \
        __u32 at = (acc ^ N) & 127; \
        if (in[at] == 'g' && in[at + 1] == 'e' && in[at + 2] == 't' && in[at + 3] == ' ' && in[at + 4] == '/') \
            return acc + 1; \
        if (in[at] == 'p' && in[at + 1] == 'u' && in[at + 2] == 't' && in[at + 3] == ' ') \
            return acc + 2; \
        return acc; \
    }

/* A token bucket. */
#define KIND_bucket(N) \
    KIND(bucket, N) \
    { \
        __u64 key = N & 63; \
        struct pair *p = bpf_map_lookup_elem(&pairs, &key); \
        if (!p) \
            return acc; \
        __u64 now = bpf_ktime_get_ns(); \
        __u64 passed = now > p->sum ? now - p->sum : 0; \
        __u64 tokens = p->least + passed / 1000; \
        if (tokens > p->greatest) \
            tokens = p->greatest; \
        if (tokens < 100) \
            return acc; \
        p->least = tokens - 100; \
        p->sum = now; \
        return acc + tokens; \
    }

/* The least over a loop with a lookup in each iteration. */
#define KIND_least(N) \
    KIND(least, N) \
    { \
        __u64 least = ~0ULL; \
        ROLLED for (__u32 i = 0; i < 16; i++) { \
            __u32 key = i + (N & 127); \
            __u64 *count = bpf_map_lookup_elem(&counts, &key); \
            if (count && *count < least) { \
                least = *count; \
                acc = i; \
            } \
        } \
        return acc + least; \
    }

/* A generator of numbers, in a loop that counts down. */
#define KIND_generator(N) \
    KIND(generator, N) \
    { \
        __u32 rounds = acc & 15; \
        ROLLED while (rounds--) { \
            acc ^= acc << 13; \
            acc ^= acc >> 7; \
            acc ^= acc << 17; \
            acc += in[rounds]; \
        } \
        return acc + N; \
    }
