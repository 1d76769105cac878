/*
 * micro_op.h: the micro-operations that device programs consist of.
 *
 * Generated from dev.gbpf.cuda.vm.DeviceOp, which tells what each does; do not edit. Plain C11 and C++.
 */
#ifndef GBPF_MICRO_OP_H
#define GBPF_MICRO_OP_H

#include <stdint.h>

/* One micro-operation; dev.gbpf.cuda.vm.MicroOps tells what is in the parts. */
typedef struct gbpf_micro_op {
    uint16_t handler;
    uint16_t target;
    uint32_t parts;
    uint64_t imm;
} gbpf_micro_op;

/* Where the parts are: bits of the number, and lowest bits of the others. */
#define GBPF_OP_BITS 7
#define GBPF_OP_D_SHIFT 7
#define GBPF_OP_A_SHIFT 11
#define GBPF_OP_OFFSET_SHIFT 15

/* Where the shifts of a MIX are in its offset. */
#define GBPF_OP_MIX_BITS 7

/* Where b is in the offset of a HASH, of so many registers. */
#define GBPF_OP_HASH_B_SHIFT 14
#define GBPF_OP_HASH_REGISTERS 6

/* What is in the upper half of the imm of a jump that compares registers; in the lower half is what r0 becomes. */
#define GBPF_OP_JUMP_RESULT 1
#define GBPF_OP_JUMP_NEGATED 2

/* Where the parts of the imm of a jump that compares fields are: those flags, and the shifts. */
#define GBPF_OP_FIELDS_FLAGS_SHIFT 16
#define GBPF_OP_FIELDS_A_SHIFT 20
#define GBPF_OP_FIELDS_D_SHIFT 26

/* The operation that the parts name. */
enum {
    GBPF_OP_MOV64 = 0,
    GBPF_OP_MOV64_I = 1,
    GBPF_OP_GET_Y = 2,
    GBPF_OP_SET_Y = 3,
    GBPF_OP_ADD64_I = 4,
    GBPF_OP_MUL64_I = 5,
    GBPF_OP_AND64_I = 6,
    GBPF_OP_RSUB64_I = 7,
    GBPF_OP_SHL_ADD = 8,
    GBPF_OP_SHR_AND = 9,
    GBPF_OP_MIX = 10,
    GBPF_OP_HASH = 11,
    GBPF_OP_OR64_I = 12,
    GBPF_OP_XOR64_I = 13,
    GBPF_OP_ARSH64_I = 14,
    GBPF_OP_ADD64 = 15,
    GBPF_OP_SUB64 = 16,
    GBPF_OP_MUL64 = 17,
    GBPF_OP_AND64 = 18,
    GBPF_OP_OR64 = 19,
    GBPF_OP_XOR64 = 20,
    GBPF_OP_LSH64_Y = 21,
    GBPF_OP_RSH64_Y = 22,
    GBPF_OP_ARSH64_Y = 23,
    GBPF_OP_ADD32_Y = 24,
    GBPF_OP_SUB32_Y = 25,
    GBPF_OP_MUL32_Y = 26,
    GBPF_OP_AND32_Y = 27,
    GBPF_OP_OR32_Y = 28,
    GBPF_OP_XOR32_Y = 29,
    GBPF_OP_LSH32_Y = 30,
    GBPF_OP_RSH32_Y = 31,
    GBPF_OP_ARSH32_Y = 32,
    GBPF_OP_ADD32_I = 33,
    GBPF_OP_MUL32_I = 34,
    GBPF_OP_AND32_I = 35,
    GBPF_OP_OR32_I = 36,
    GBPF_OP_XOR32_I = 37,
    GBPF_OP_LSH32_I = 38,
    GBPF_OP_RSH32_I = 39,
    GBPF_OP_ARSH32_I = 40,
    GBPF_OP_LOAD64 = 41,
    GBPF_OP_LOAD32 = 42,
    GBPF_OP_LOAD16_Y = 43,
    GBPF_OP_LOAD8_Y = 44,
    GBPF_OP_STORE64 = 45,
    GBPF_OP_STORE32 = 46,
    GBPF_OP_STORE16_Y = 47,
    GBPF_OP_STORE8_Y = 48,
    GBPF_OP_STORE64_I = 49,
    GBPF_OP_STORE32_I = 50,
    GBPF_OP_STORE16_I = 51,
    GBPF_OP_STORE8_I = 52,
    GBPF_OP_JUMP = 53,
    GBPF_OP_JEQ64_I = 54,
    GBPF_OP_JGT64_I = 55,
    GBPF_OP_JGE64_I = 56,
    GBPF_OP_JSET64_I = 57,
    GBPF_OP_JNE64_I = 58,
    GBPF_OP_JSGT64_I = 59,
    GBPF_OP_JSGE64_I = 60,
    GBPF_OP_JLT64_I = 61,
    GBPF_OP_JLE64_I = 62,
    GBPF_OP_JSLT64_I = 63,
    GBPF_OP_JSLE64_I = 64,
    GBPF_OP_JEQ64 = 65,
    GBPF_OP_JLT64 = 66,
    GBPF_OP_JSLT64 = 67,
    GBPF_OP_JSET64 = 68,
    GBPF_OP_JEQ_FIELDS = 69,
    GBPF_OP_JLT_FIELDS = 70,
    GBPF_OP_JEQ32_Y = 71,
    GBPF_OP_JGT32_Y = 72,
    GBPF_OP_JGE32_Y = 73,
    GBPF_OP_JSET32_Y = 74,
    GBPF_OP_JNE32_Y = 75,
    GBPF_OP_JSGT32_Y = 76,
    GBPF_OP_JSGE32_Y = 77,
    GBPF_OP_JLT32_Y = 78,
    GBPF_OP_JLE32_Y = 79,
    GBPF_OP_JSLT32_Y = 80,
    GBPF_OP_JSLE32_Y = 81,
    GBPF_OP_EXIT = 82,
    GBPF_OP_RETURN_I = 83,
    GBPF_OP_RETURN_SHR_AND = 84,
    GBPF_OP_DIV64 = 85,
    GBPF_OP_MOD64 = 86,
    GBPF_OP_SDIV64 = 87,
    GBPF_OP_SMOD64 = 88,
    GBPF_OP_DIV32 = 89,
    GBPF_OP_MOD32 = 90,
    GBPF_OP_SDIV32 = 91,
    GBPF_OP_SMOD32 = 92,
    GBPF_OP_NEG32 = 93,
    GBPF_OP_SEXT64_8 = 94,
    GBPF_OP_SEXT64_16 = 95,
    GBPF_OP_SEXT64_32 = 96,
    GBPF_OP_SEXT32_8 = 97,
    GBPF_OP_SEXT32_16 = 98,
    GBPF_OP_SWAP16 = 99,
    GBPF_OP_SWAP32 = 100,
    GBPF_OP_SWAP64 = 101,
    GBPF_OP_LOADS8 = 102,
    GBPF_OP_LOADS16 = 103,
    GBPF_OP_LOADS32 = 104,
    GBPF_OP_ATOMIC = 105,
    GBPF_OP_CALL_HELPER = 106,
    GBPF_OP_CALL_LOCAL = 107,
};

/* The handler of the operation that ends. */
#define GBPF_OP_EXIT_HANDLER 3526

/*
 * The operations that the GPU has handlers for, in the order of the handlers' numbers from 1 on, by what
 * they are specialised on: a handler for each d in order, for each d one for each a, and for each a one for each b.
 */
#define GBPF_FAST_OPS(NONE, D, A, DA, BASE_A, DAB) \
    DA(MOV64) \
    D(MOV64_I) \
    A(GET_Y) \
    NONE(SET_Y) \
    DA(ADD64_I) \
    DA(MUL64_I) \
    DA(AND64_I) \
    DA(RSUB64_I) \
    DA(SHL_ADD) \
    DA(SHR_AND) \
    DA(MIX) \
    DAB(HASH) \
    D(OR64_I) \
    D(XOR64_I) \
    D(ARSH64_I) \
    DA(ADD64) \
    DA(SUB64) \
    DA(MUL64) \
    DA(AND64) \
    DA(OR64) \
    DA(XOR64) \
    D(LSH64_Y) \
    D(RSH64_Y) \
    D(ARSH64_Y) \
    D(ADD32_Y) \
    D(SUB32_Y) \
    D(MUL32_Y) \
    D(AND32_Y) \
    D(OR32_Y) \
    D(XOR32_Y) \
    D(LSH32_Y) \
    D(RSH32_Y) \
    D(ARSH32_Y) \
    D(ADD32_I) \
    D(MUL32_I) \
    D(AND32_I) \
    D(OR32_I) \
    D(XOR32_I) \
    D(LSH32_I) \
    D(RSH32_I) \
    D(ARSH32_I) \
    DA(LOAD64) \
    DA(LOAD32) \
    D(LOAD16_Y) \
    D(LOAD8_Y) \
    BASE_A(STORE64) \
    BASE_A(STORE32) \
    A(STORE16_Y) \
    A(STORE8_Y) \
    A(STORE64_I) \
    A(STORE32_I) \
    A(STORE16_I) \
    A(STORE8_I) \
    NONE(JUMP) \
    A(JEQ64_I) \
    A(JGT64_I) \
    A(JGE64_I) \
    A(JSET64_I) \
    A(JNE64_I) \
    A(JSGT64_I) \
    A(JSGE64_I) \
    A(JLT64_I) \
    A(JLE64_I) \
    A(JSLT64_I) \
    A(JSLE64_I) \
    BASE_A(JEQ64) \
    BASE_A(JLT64) \
    BASE_A(JSLT64) \
    BASE_A(JSET64) \
    BASE_A(JEQ_FIELDS) \
    BASE_A(JLT_FIELDS) \
    A(JEQ32_Y) \
    A(JGT32_Y) \
    A(JGE32_Y) \
    A(JSET32_Y) \
    A(JNE32_Y) \
    A(JSGT32_Y) \
    A(JSGE32_Y) \
    A(JLT32_Y) \
    A(JLE32_Y) \
    A(JSLT32_Y) \
    A(JSLE32_Y) \
    NONE(EXIT) \
    NONE(RETURN_I) \
    A(RETURN_SHR_AND)

#endif
