// What a warp pays for a division and for lanes that part: the figures behind the rules of device hooks.
// nvcc -O3 -arch=sm_90 -o device_rules device_rules.cu && ./device_rules
#include <algorithm>
#include <cstdint>
#include <cstdio>
#include <vector>

#define CHECK(call)                                                                    \
    do {                                                                               \
        cudaError_t e = (call);                                                        \
        if (e != cudaSuccess) {                                                        \
            fprintf(stderr, "%s: %s\n", #call, cudaGetErrorString(e));                 \
            return 1;                                                                  \
        }                                                                              \
    } while (0)

constexpr int ROUNDS = 256;
constexpr int LANES = 32;
constexpr int REPEATS = 101;

enum Operation { ADD64, MUL64, UDIV32, UDIV64_SMALL, UDIV64_MIXED, UDIV64, SDIV64 };

// A chain of dependent operations by one warp; cycles per operation of the slowest lane.
template <int OP>
__global__ void chain(uint64_t a, uint64_t b, uint64_t *result, long long *cycles) {
    uint64_t x = a + threadIdx.x;
    uint64_t y = b;
    long long begin = clock64();
#pragma unroll 1
    for (int i = 0; i < ROUNDS; i++) {
        // What is added keeps the dividend of its size, and each operation dependent on the one before.
        if (OP == ADD64) x = x + y;
        if (OP == MUL64) x = x * y;
        if (OP == UDIV32) x = (uint32_t)x / (uint32_t)y + (uint32_t)a;
        if (OP == UDIV64_SMALL || OP == UDIV64 || OP == UDIV64_MIXED) x = x / y + a;
        if (OP == SDIV64) x = (uint64_t)((int64_t)x / (int64_t)y) + a;
    }
    long long end = clock64();
    result[threadIdx.x] = x;
    cycles[threadIdx.x] = end - begin;
}

struct Instruction {
    uint8_t op, dst, src, pad;
    int32_t imm;
};
enum Op : uint8_t { OP_ADD, OP_XOR, OP_MUL, OP_SHR, OP_MOV, OP_JNE, OP_JA, OP_EXIT };

// An interpreter with registers in shared memory, as a first device VM would have it: each lane has a pc.
__global__ void interpret(const Instruction *code, int arms, uint64_t *result, long long *cycles) {
    __shared__ uint64_t r[11][LANES];
    int lane = threadIdx.x;
    for (int i = 0; i < 11; i++) r[i][lane] = i;
    r[1][lane] = lane % arms;
    __syncwarp();
    long long begin = clock64();
    int pc = 0;
    for (bool running = true; running;) {
        Instruction i = code[pc++];
        switch (i.op) {
            case OP_ADD: r[i.dst][lane] += r[i.src][lane] + i.imm; break;
            case OP_XOR: r[i.dst][lane] ^= r[i.src][lane]; break;
            case OP_MUL: r[i.dst][lane] *= i.imm; break;
            case OP_SHR: r[i.dst][lane] >>= i.imm; break;
            case OP_MOV: r[i.dst][lane] = i.imm; break;
            case OP_JNE:
                if (r[i.dst][lane] != (uint64_t)i.src) pc += i.imm;
                break;
            case OP_JA: pc += i.imm; break;
            default: running = false;
        }
    }
    __syncwarp();
    long long end = clock64();
    result[lane] = r[0][lane];
    cycles[lane] = end - begin;
}

// `arms` arms of 64 instructions: a lane takes the one of its number modulo arms.
static std::vector<Instruction> program(int arms) {
    std::vector<Instruction> code;
    for (int arm = 0; arm < arms; arm++) {
        // The last arm needs no test; all lanes run about as many instructions.
        if (arm < arms - 1) code.push_back({OP_JNE, 1, (uint8_t)arm, 0, 65});
        for (int k = 0; k < 64; k += 4) {
            code.push_back({OP_ADD, 0, 2, 0, arm});
            code.push_back({OP_MUL, 0, 0, 0, 0x9E37});
            code.push_back({OP_XOR, 0, 3, 0, 0});
            code.push_back({OP_SHR, 0, 0, 0, 1});
        }
        code.push_back({OP_EXIT, 0, 0, 0, 0});
    }
    return code;
}

template <int OP>
static double measure(uint64_t a, uint64_t b, uint64_t *result, long long *cycles) {
    std::vector<double> all;
    for (int i = 0; i < REPEATS; i++) {
        chain<OP><<<1, LANES>>>(a, b, result, cycles);
        cudaDeviceSynchronize();
        all.push_back((double)*std::max_element(cycles, cycles + LANES) / ROUNDS);
    }
    std::nth_element(all.begin(), all.begin() + REPEATS / 2, all.end());
    return all[REPEATS / 2];
}

int main() {
    cudaDeviceProp properties;
    CHECK(cudaGetDeviceProperties(&properties, 0));
    int driver = 0;
    CHECK(cudaDriverGetVersion(&driver));
    int kilohertz = 0;
    CHECK(cudaDeviceGetAttribute(&kilohertz, cudaDevAttrClockRate, 0));
    printf("%s, driver API %d, %.2f GHz\n", properties.name, driver, kilohertz / 1e6);
    uint64_t *result;
    long long *cycles;
    CHECK(cudaMallocManaged(&result, LANES * sizeof *result));
    CHECK(cudaMallocManaged(&cycles, LANES * sizeof *cycles));
    printf("cycles per dependent operation, one warp, median of %d (loop and one addition included)\n", REPEATS);
    printf("  add64 %.1f\n", measure<ADD64>(1, 3, result, cycles));
    printf("  mul64 %.1f\n", measure<MUL64>(1, 3, result, cycles));
    printf("  udiv32 %.1f\n", measure<UDIV32>(4000000000u, 7, result, cycles));
    printf("  udiv64, both below 2^32 %.1f\n", measure<UDIV64_SMALL>(4000000000u - LANES, 700, result, cycles));
    printf("  udiv64, dividend of 60 bits, divisor of 3 bits %.1f\n", measure<UDIV64_MIXED>(1ull << 60, 7, result, cycles));
    printf("  udiv64, dividend of 60 bits, divisor of 35 bits %.1f\n", measure<UDIV64>(1ull << 60, 3ull << 33, result, cycles));
    printf("  sdiv64, dividend of 60 bits, divisor of 35 bits %.1f\n", measure<SDIV64>(1ull << 60, 3ull << 33, result, cycles));
    printf("microseconds of a warp for one run of 64 instructions in each lane, by how many ways the lanes take\n");
    for (int arms = 1; arms <= LANES; arms *= 2) {
        std::vector<Instruction> host = program(arms);
        Instruction *code;
        CHECK(cudaMalloc(&code, host.size() * sizeof host[0]));
        CHECK(cudaMemcpy(code, host.data(), host.size() * sizeof host[0], cudaMemcpyHostToDevice));
        std::vector<double> all;
        for (int i = 0; i < REPEATS; i++) {
            interpret<<<1, LANES>>>(code, arms, result, cycles);
            CHECK(cudaDeviceSynchronize());
            all.push_back((double)*std::max_element(cycles, cycles + LANES));
        }
        std::nth_element(all.begin(), all.begin() + REPEATS / 2, all.end());
        double median = all[REPEATS / 2];
        printf("  %2d: %.0f cycles, %.2f us\n", arms, median, median / (kilohertz / 1e3));
        CHECK(cudaFree(code));
    }
    return 0;
}
