// The fast part of the interpreter on the GPU, as one piece of PTX.
//
// CUDA's compilers turn a `switch` into a tree of compares and branches, seven of them for a hundred cases, which takes longer than
// anything that a micro-operation does. PTX has an indexed branch. So the operations that programs consist of are written in
// PTX, each once for every choice of registers, since registers of the machine cannot be indexed: the register file of
// a program is in registers of the machine, and a handler is one to five machine instructions.
//
// Operands: %0 to %9 are r0 to r9, %10 the address of the next operation, %11 y, %12 how many more jumps may be taken, %13 r10.
// %14 is the depth of local calls. In the handlers: head the first word of the operation, w its parts, imm, and t, x32, z32, p and q
// for what they need.
#pragma once

#include "micro_op.h"

/** Where the next operation is after the program's end; operations are at multiples of 16. */
#define GBPF_CODE_END 1

#define GBPF_PTX_TEXT_(x) #x
#define GBPF_PTX_TEXT(x) GBPF_PTX_TEXT_(x)
#define GBPF_PTX_R0 "%0"
#define GBPF_PTX_R1 "%1"
#define GBPF_PTX_R2 "%2"
#define GBPF_PTX_R3 "%3"
#define GBPF_PTX_R4 "%4"
#define GBPF_PTX_R5 "%5"
#define GBPF_PTX_R6 "%6"
#define GBPF_PTX_R7 "%7"
#define GBPF_PTX_R8 "%8"
#define GBPF_PTX_R9 "%9"
#define GBPF_PTX_R10 "%13"

// ---- what each operation is in PTX ---------------------------------------------------------------------------------

#define GBPF_PTX_OFFSET "shr.s32 x32, w, " GBPF_PTX_TEXT(GBPF_OP_OFFSET_SHIFT) "; "

#define GBPF_PTX_MOV64(d, a) "mov.b64 " d ", " a ";"
#define GBPF_PTX_MOV64_I(d, a) "mov.b64 " d ", imm;"
#define GBPF_PTX_GET_Y(d, a) "mov.b64 y, " a ";"
#define GBPF_PTX_SET_Y(d, a) "mov.b64 y, imm;"

#define GBPF_PTX_ADD64_I(d, a) "add.s64 " d ", " a ", imm;"
#define GBPF_PTX_MUL64_I(d, a) "mul.lo.s64 " d ", " a ", imm;"
#define GBPF_PTX_AND64_I(d, a) "and.b64 " d ", " a ", imm;"
#define GBPF_PTX_RSUB64_I(d, a) "sub.s64 " d ", imm, " a ";"
#define GBPF_PTX_SHL_ADD(d, a) GBPF_PTX_OFFSET "shl.b64 t, " a ", x32; add.s64 " d ", t, imm;"
#define GBPF_PTX_SHR_AND(d, a) GBPF_PTX_OFFSET "shr.u64 t, " a ", x32; and.b64 " d ", t, imm;"
#define GBPF_PTX_MIX(d, a) \
    GBPF_PTX_OFFSET "and.b32 z32, x32, (1 << " GBPF_PTX_TEXT(GBPF_OP_MIX_BITS) ") - 1; shr.u64 t, " a ", z32; xor.b64 " d ", " d ", t; " \
    "shr.u32 x32, x32, " GBPF_PTX_TEXT(GBPF_OP_MIX_BITS) "; shr.u64 t, " d ", x32; xor.b64 " d ", " d ", t; mul.lo.s64 " d ", " d ", imm;"
// Factors of 32 bits.
#define GBPF_PTX_HASH(d, a, b) \
    GBPF_PTX_OFFSET "mov.b64 {y32, z32}, imm; cvt.u64.u32 t, y32; mul.lo.s64 u, " a ", t; " \
    "and.b32 y32, x32, (1 << " GBPF_PTX_TEXT(GBPF_OP_MIX_BITS) ") - 1; shr.u64 t, " b ", y32; xor.b64 u, u, t; " \
    "bfe.u32 x32, x32, " GBPF_PTX_TEXT(GBPF_OP_MIX_BITS) ", " GBPF_PTX_TEXT(GBPF_OP_MIX_BITS) "; shr.u64 t, u, x32; xor.b64 u, u, t; " \
    "cvt.u64.u32 t, z32; mul.lo.s64 " d ", u, t;"
#define GBPF_PTX_OR64_I(d, a) "or.b64 " d ", " d ", imm;"
#define GBPF_PTX_XOR64_I(d, a) "xor.b64 " d ", " d ", imm;"
#define GBPF_PTX_ARSH64_I(d, a) "cvt.u32.u64 x32, imm; shr.s64 " d ", " d ", x32;"

#define GBPF_PTX_ADD64(d, a) "add.s64 " d ", " d ", " a ";"
#define GBPF_PTX_SUB64(d, a) "sub.s64 " d ", " d ", " a ";"
#define GBPF_PTX_MUL64(d, a) "mul.lo.s64 " d ", " d ", " a ";"
#define GBPF_PTX_AND64(d, a) "and.b64 " d ", " d ", " a ";"
#define GBPF_PTX_OR64(d, a) "or.b64 " d ", " d ", " a ";"
#define GBPF_PTX_XOR64(d, a) "xor.b64 " d ", " d ", " a ";"

// Shifts of the machine stop at the width; those of programs take the low bits.
#define GBPF_PTX_SHIFT64_Y(op, d) "cvt.u32.u64 x32, y; and.b32 x32, x32, 63; " op " " d ", " d ", x32;"
#define GBPF_PTX_LSH64_Y(d, a) GBPF_PTX_SHIFT64_Y("shl.b64", d)
#define GBPF_PTX_RSH64_Y(d, a) GBPF_PTX_SHIFT64_Y("shr.u64", d)
#define GBPF_PTX_ARSH64_Y(d, a) GBPF_PTX_SHIFT64_Y("shr.s64", d)

#define GBPF_PTX_ALU32(op, d, right) \
    "cvt.u32.u64 x32, " d "; cvt.u32.u64 z32, " right "; " op " x32, x32, z32; cvt.u64.u32 " d ", x32;"
#define GBPF_PTX_SHIFT32(op, d, right) \
    "cvt.u32.u64 x32, " d "; cvt.u32.u64 z32, " right "; and.b32 z32, z32, 31; " op " x32, x32, z32; cvt.u64.u32 " d ", x32;"
#define GBPF_PTX_ADD32_Y(d, a) GBPF_PTX_ALU32("add.s32", d, "y")
#define GBPF_PTX_SUB32_Y(d, a) GBPF_PTX_ALU32("sub.s32", d, "y")
#define GBPF_PTX_MUL32_Y(d, a) GBPF_PTX_ALU32("mul.lo.s32", d, "y")
#define GBPF_PTX_AND32_Y(d, a) GBPF_PTX_ALU32("and.b32", d, "y")
#define GBPF_PTX_OR32_Y(d, a) GBPF_PTX_ALU32("or.b32", d, "y")
#define GBPF_PTX_XOR32_Y(d, a) GBPF_PTX_ALU32("xor.b32", d, "y")
#define GBPF_PTX_LSH32_Y(d, a) GBPF_PTX_SHIFT32("shl.b32", d, "y")
#define GBPF_PTX_RSH32_Y(d, a) GBPF_PTX_SHIFT32("shr.u32", d, "y")
#define GBPF_PTX_ARSH32_Y(d, a) GBPF_PTX_SHIFT32("shr.s32", d, "y")
#define GBPF_PTX_ADD32_I(d, a) GBPF_PTX_ALU32("add.s32", d, "imm")
#define GBPF_PTX_MUL32_I(d, a) GBPF_PTX_ALU32("mul.lo.s32", d, "imm")
#define GBPF_PTX_AND32_I(d, a) GBPF_PTX_ALU32("and.b32", d, "imm")
#define GBPF_PTX_OR32_I(d, a) GBPF_PTX_ALU32("or.b32", d, "imm")
#define GBPF_PTX_XOR32_I(d, a) GBPF_PTX_ALU32("xor.b32", d, "imm")
#define GBPF_PTX_LSH32_I(d, a) GBPF_PTX_SHIFT32("shl.b32", d, "imm")
#define GBPF_PTX_RSH32_I(d, a) GBPF_PTX_SHIFT32("shr.u32", d, "imm")
#define GBPF_PTX_ARSH32_I(d, a) GBPF_PTX_SHIFT32("shr.s32", d, "imm")

// A load into a register that is wider than what it loads extends by zeros, a store takes the low bits (PTX ISA, 9.4.1). A GPU
// has no access that is not aligned by its size; programs may: those are left to C++, which goes byte by byte.
#define GBPF_PTX_ALIGNED(rest) "cvt.u32.u64 x32, t; and.b32 x32, x32, " rest "; setp.ne.u32 p, x32, 0; @p bra LEAVE; "
#define GBPF_PTX_LOAD64(d, a) "add.s64 t, " a ", imm; " GBPF_PTX_ALIGNED("7") "ld.u64 " d ", [t];"
#define GBPF_PTX_LOAD32(d, a) "add.s64 t, " a ", imm; " GBPF_PTX_ALIGNED("3") "ld.u32 " d ", [t];"
#define GBPF_PTX_LOAD16_Y(d, a) "add.s64 t, y, imm; " GBPF_PTX_ALIGNED("1") "ld.u16 " d ", [t];"
#define GBPF_PTX_LOAD8_Y(d, a) "add.s64 t, y, imm; ld.u8 " d ", [t];"
#define GBPF_PTX_STORE64(d, a) "add.s64 t, " d ", imm; " GBPF_PTX_ALIGNED("7") "st.u64 [t], " a ";"
#define GBPF_PTX_STORE32(d, a) "add.s64 t, " d ", imm; " GBPF_PTX_ALIGNED("3") "st.u32 [t], " a ";"
#define GBPF_PTX_STORE16_Y(d, a) "add.s64 t, " a ", imm; " GBPF_PTX_ALIGNED("1") "st.u16 [t], y;"
#define GBPF_PTX_STORE8_Y(d, a) "add.s64 t, " a ", imm; st.u8 [t], y;"
#define GBPF_PTX_AT_OFFSET(a) GBPF_PTX_OFFSET "cvt.s64.s32 t, x32; add.s64 t, t, " a "; "
#define GBPF_PTX_STORE64_I(d, a) GBPF_PTX_AT_OFFSET(a) GBPF_PTX_ALIGNED("7") "st.u64 [t], imm;"
#define GBPF_PTX_STORE32_I(d, a) GBPF_PTX_AT_OFFSET(a) GBPF_PTX_ALIGNED("3") "st.u32 [t], imm;"
#define GBPF_PTX_STORE16_I(d, a) GBPF_PTX_AT_OFFSET(a) GBPF_PTX_ALIGNED("1") "st.u16 [t], imm;"
#define GBPF_PTX_STORE8_I(d, a) GBPF_PTX_AT_OFFSET(a) "st.u8 [t], imm;"

// The operation that a jump leads to has its handler's number in the jump. A jump that is one too many goes on with handler 0, which
// leaves. No lane that stays takes another way than the others here: one that jumps to the program's end has come to it.
#define GBPF_PTX_JUMP(d, a) \
    GBPF_PTX_OFFSET "mad.lo.s32 %10, x32, 16, %10; shr.u32 next, head, 16; setp.eq.s32 p, %12, 0; @p mov.b32 next, 0; sub.s32 %12, %12, 1;"
#define GBPF_PTX_AIM \
    "shr.u32 goal, head, 16; setp.eq.u32 q, goal, " GBPF_PTX_TEXT(GBPF_OP_EXIT_HANDLER) "; setp.eq.and.u32 q, %14, 0, q; " \
    "setp.eq.s32 p, %12, 0; selp.b32 goal, 0, goal, p; "
#define GBPF_PTX_TAKE \
    "and.pred q, q, p; @q mov.b32 %10, " GBPF_PTX_TEXT(GBPF_CODE_END) "; @q bra LEAVE; " \
    GBPF_PTX_OFFSET "@p mov.b32 next, goal; @p mad.lo.s32 %10, x32, 16, %10; @p sub.s32 %12, %12, 1; "
#define GBPF_PTX_IF(condition, a, right) GBPF_PTX_AIM "setp." condition " p, " a ", " right "; " GBPF_PTX_TAKE
#define GBPF_PTX_JEQ64_I(d, a) GBPF_PTX_IF("eq.u64", a, "imm")
#define GBPF_PTX_JGT64_I(d, a) GBPF_PTX_IF("gt.u64", a, "imm")
#define GBPF_PTX_JGE64_I(d, a) GBPF_PTX_IF("ge.u64", a, "imm")
#define GBPF_PTX_JSET64_I(d, a) "and.b64 t, " a ", imm; " GBPF_PTX_IF("ne.u64", "t", "0")
#define GBPF_PTX_JNE64_I(d, a) GBPF_PTX_IF("ne.u64", a, "imm")
#define GBPF_PTX_JSGT64_I(d, a) GBPF_PTX_IF("gt.s64", a, "imm")
#define GBPF_PTX_JSGE64_I(d, a) GBPF_PTX_IF("ge.s64", a, "imm")
#define GBPF_PTX_JLT64_I(d, a) GBPF_PTX_IF("lt.u64", a, "imm")
#define GBPF_PTX_JLE64_I(d, a) GBPF_PTX_IF("le.u64", a, "imm")
#define GBPF_PTX_JSLT64_I(d, a) GBPF_PTX_IF("lt.s64", a, "imm")
#define GBPF_PTX_JSLE64_I(d, a) GBPF_PTX_IF("le.s64", a, "imm")

// The condition is of what the registers hold before r0 is set.
#define GBPF_PTX_IF_FORM(condition, type, left, right) GBPF_PTX_AIM \
    "mov.b64 {x32, z32}, imm; and.b32 y32, z32, " GBPF_PTX_TEXT(GBPF_OP_JUMP_NEGATED) "; setp.ne.u32 p, y32, 0; " \
    "setp." condition ".xor." type " p, " left ", " right ", p; and.b32 y32, z32, " GBPF_PTX_TEXT(GBPF_OP_JUMP_RESULT) "; " \
    "setp.ne.u32 s, y32, 0; @s cvt.s64.s32 " GBPF_PTX_R0 ", x32; " GBPF_PTX_TAKE
#define GBPF_PTX_JEQ64(d, a) GBPF_PTX_IF_FORM("eq", "u64", d, a)
#define GBPF_PTX_JLT64(d, a) GBPF_PTX_IF_FORM("lt", "u64", d, a)
#define GBPF_PTX_JSLT64(d, a) GBPF_PTX_IF_FORM("lt", "s64", d, a)
#define GBPF_PTX_JSET64(d, a) "and.b64 t, " d ", " a "; " GBPF_PTX_IF_FORM("ne", "u64", "t", "0")
#define GBPF_PTX_FIELDS(condition, d, a) GBPF_PTX_AIM \
    "mov.b64 {x32, z32}, imm; shr.u32 y32, x32, " GBPF_PTX_TEXT(GBPF_OP_FIELDS_D_SHIFT) "; shr.u64 t, " d ", y32; cvt.u32.u64 y32, t; " \
    "and.b32 left, z32, y32; and.b32 left, left, 0xffff; " \
    "bfe.u32 y32, x32, " GBPF_PTX_TEXT(GBPF_OP_FIELDS_A_SHIFT) ", 6; shr.u64 t, " a ", y32; cvt.u32.u64 y32, t; " \
    "shr.u32 z32, z32, 16; and.b32 z32, z32, y32; " \
    "and.b32 y32, x32, " GBPF_PTX_TEXT(GBPF_OP_JUMP_NEGATED) " << " GBPF_PTX_TEXT(GBPF_OP_FIELDS_FLAGS_SHIFT) "; setp.ne.u32 p, y32, 0; " \
    "setp." condition ".xor.u32 p, left, z32, p; " \
    "and.b32 y32, x32, " GBPF_PTX_TEXT(GBPF_OP_JUMP_RESULT) " << " GBPF_PTX_TEXT(GBPF_OP_FIELDS_FLAGS_SHIFT) "; setp.ne.u32 s, y32, 0; " \
    "cvt.s32.s16 x32, x32; @s cvt.s64.s32 " GBPF_PTX_R0 ", x32; " GBPF_PTX_TAKE
#define GBPF_PTX_JEQ_FIELDS(d, a) GBPF_PTX_FIELDS("eq", d, a)
#define GBPF_PTX_JLT_FIELDS(d, a) GBPF_PTX_FIELDS("lt", d, a)
#define GBPF_PTX_IF32(condition, a) "cvt.u32.u64 x32, " a "; cvt.u32.u64 z32, y; " GBPF_PTX_IF(condition, "x32", "z32")
#define GBPF_PTX_JEQ32_Y(d, a) GBPF_PTX_IF32("eq.u32", a)
#define GBPF_PTX_JGT32_Y(d, a) GBPF_PTX_IF32("gt.u32", a)
#define GBPF_PTX_JGE32_Y(d, a) GBPF_PTX_IF32("ge.u32", a)
#define GBPF_PTX_JSET32_Y(d, a) "and.b64 t, " a ", y; cvt.u32.u64 x32, t; " GBPF_PTX_IF("ne.u32", "x32", "0")
#define GBPF_PTX_JNE32_Y(d, a) GBPF_PTX_IF32("ne.u32", a)
#define GBPF_PTX_JSGT32_Y(d, a) GBPF_PTX_IF32("gt.s32", a)
#define GBPF_PTX_JSGE32_Y(d, a) GBPF_PTX_IF32("ge.s32", a)
#define GBPF_PTX_JLT32_Y(d, a) GBPF_PTX_IF32("lt.u32", a)
#define GBPF_PTX_JLE32_Y(d, a) GBPF_PTX_IF32("le.u32", a)
#define GBPF_PTX_JSLT32_Y(d, a) GBPF_PTX_IF32("lt.s32", a)
#define GBPF_PTX_JSLE32_Y(d, a) GBPF_PTX_IF32("le.s32", a)

// A function ends in C++, the program here: there is no next operation. There is but one way out, so that no lane waits for others.
#define GBPF_PTX_END(result) "setp.eq.u32 p, %14, 0; " result " @p mov.b32 %10, " GBPF_PTX_TEXT(GBPF_CODE_END) "; bra.uni LEAVE;"
#define GBPF_PTX_EXIT(d, a) GBPF_PTX_END("")
#define GBPF_PTX_RETURN_I(d, a) GBPF_PTX_END("@p mov.b64 " GBPF_PTX_R0 ", imm;")
#define GBPF_PTX_RETURN_SHR_AND(d, a) GBPF_PTX_END(GBPF_PTX_OFFSET "shr.u64 t, " a ", x32; @p and.b64 " GBPF_PTX_R0 ", t, imm;")

// ---- a handler for each choice of registers ------------------------------------------------------------------------

#define GBPF_EACH_A(M, op, d) \
    M(op, d, 0) M(op, d, 1) M(op, d, 2) M(op, d, 3) M(op, d, 4) M(op, d, 5) M(op, d, 6) M(op, d, 7) M(op, d, 8) M(op, d, 9) \
    M(op, d, 10)
#define GBPF_EACH_D(M, op) \
    M(op, 0, 0) M(op, 1, 0) M(op, 2, 0) M(op, 3, 0) M(op, 4, 0) M(op, 5, 0) M(op, 6, 0) M(op, 7, 0) M(op, 8, 0) M(op, 9, 0)
#define GBPF_EACH_DA(M, op) \
    GBPF_EACH_A(M, op, 0) GBPF_EACH_A(M, op, 1) GBPF_EACH_A(M, op, 2) GBPF_EACH_A(M, op, 3) GBPF_EACH_A(M, op, 4) \
    GBPF_EACH_A(M, op, 5) GBPF_EACH_A(M, op, 6) GBPF_EACH_A(M, op, 7) GBPF_EACH_A(M, op, 8) GBPF_EACH_A(M, op, 9)

#define GBPF_EACH_B(M, op, d, a) M(op, d, a, 0) M(op, d, a, 1) M(op, d, a, 2) M(op, d, a, 3) M(op, d, a, 4) M(op, d, a, 5)
#define GBPF_EACH_AB(M, op, d) \
    GBPF_EACH_B(M, op, d, 0) GBPF_EACH_B(M, op, d, 1) GBPF_EACH_B(M, op, d, 2) GBPF_EACH_B(M, op, d, 3) GBPF_EACH_B(M, op, d, 4) \
    GBPF_EACH_B(M, op, d, 5)
#define GBPF_EACH_DAB(M, op) \
    GBPF_EACH_AB(M, op, 0) GBPF_EACH_AB(M, op, 1) GBPF_EACH_AB(M, op, 2) GBPF_EACH_AB(M, op, 3) GBPF_EACH_AB(M, op, 4) GBPF_EACH_AB(M, op, 5)

#define GBPF_LABEL(op, d, a) ", L_" #op "_" #d "_" #a
#define GBPF_LABEL_B(op, d, a, b) ", L_" #op "_" #d "_" #a "_" #b
#define GBPF_LABEL_NONE(op) GBPF_LABEL(op, 0, 0)
#define GBPF_LABEL_D(op) GBPF_EACH_D(GBPF_LABEL, op)
#define GBPF_LABEL_A(op) GBPF_EACH_A(GBPF_LABEL, op, 0)
#define GBPF_LABEL_DA(op) GBPF_EACH_DA(GBPF_LABEL, op)
#define GBPF_LABEL_BASE_A(op) GBPF_EACH_DA(GBPF_LABEL, op) GBPF_EACH_A(GBPF_LABEL, op, 10)
#define GBPF_LABEL_DAB(op) GBPF_EACH_DAB(GBPF_LABEL_B, op)

#define GBPF_HANDLER(op, d, a) "L_" #op "_" #d "_" #a ": " GBPF_PTX_##op(GBPF_PTX_R##d, GBPF_PTX_R##a) " bra.uni NEXT;\n"
#define GBPF_HANDLER_B(op, d, a, b) \
    "L_" #op "_" #d "_" #a "_" #b ": " GBPF_PTX_##op(GBPF_PTX_R##d, GBPF_PTX_R##a, GBPF_PTX_R##b) " bra.uni NEXT;\n"
#define GBPF_HANDLER_NONE(op) GBPF_HANDLER(op, 0, 0)
#define GBPF_HANDLER_D(op) GBPF_EACH_D(GBPF_HANDLER, op)
#define GBPF_HANDLER_A(op) GBPF_EACH_A(GBPF_HANDLER, op, 0)
#define GBPF_HANDLER_DA(op) GBPF_EACH_DA(GBPF_HANDLER, op)
#define GBPF_HANDLER_BASE_A(op) GBPF_EACH_DA(GBPF_HANDLER, op) GBPF_EACH_A(GBPF_HANDLER, op, 10)
#define GBPF_HANDLER_DAB(op) GBPF_EACH_DAB(GBPF_HANDLER_B, op)

// The handler's number is read one operation ahead, the rest while the branch is under way. A program ends with an operation
// that never runs, so that there is one to read. Leaving, %10 is the operation to go on with, or GBPF_CODE_END; %12 is negative when
// too many jumps were taken.
#define GBPF_FAST_PTX \
    "{\n" \
    ".reg .b64 imm, y, t, u;\n" \
    ".reg .b32 next, index, head, w, x32, y32, z32, goal, left;\n" \
    ".reg .pred p, q, s;\n" \
    "HANDLERS: .branchtargets LEAVE" \
    GBPF_FAST_OPS(GBPF_LABEL_NONE, GBPF_LABEL_D, GBPF_LABEL_A, GBPF_LABEL_DA, GBPF_LABEL_BASE_A, GBPF_LABEL_DAB) ";\n" \
    "mov.b64 y, %11;\n" \
    "mov.b32 next, %15;\n" \
    "NEXT: mov.b32 index, next;\n" \
    "ld.shared.u16 next, [%10+16];\n" \
    "ld.shared.v2.b32 {head, w}, [%10];\n" \
    "ld.shared.b64 imm, [%10+8];\n" \
    "add.s32 %10, %10, 16;\n" \
    "brx.idx.uni index, HANDLERS;\n" \
    GBPF_FAST_OPS(GBPF_HANDLER_NONE, GBPF_HANDLER_D, GBPF_HANDLER_A, GBPF_HANDLER_DA, GBPF_HANDLER_BASE_A, GBPF_HANDLER_DAB) \
    "LEAVE: mov.b64 %11, y;\n" \
    "}\n"
