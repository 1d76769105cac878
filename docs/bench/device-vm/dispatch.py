# Writes dispatch.cu, whose program measures what a dispatch of the interpreter is made of.
#
#   python3 dispatch.py && nvcc -O3 -std=c++20 -arch=sm_90 -rdc=true -o dispatch dispatch.cu && ./dispatch
out=[]
def k(name, body, pre="", T=None):
    out.append(f'''
extern "C" __global__ void {name}(int n, const unsigned *in, long long *cyc, unsigned long long *res) {{
  __shared__ unsigned s[1024];
  for (int i = threadIdx.x; i < 1024; i += blockDim.x) s[i] = in[i];
  __syncthreads();
  unsigned sb = (unsigned)__cvta_generic_to_shared(s);
  unsigned x = in[0], c = in[1];
  unsigned long long v = in[2] + threadIdx.x, w = in[3];
  {pre}
  long long t0 = clock64();
  {body}
  long long t1 = clock64();
  if (threadIdx.x == 0) cyc[blockIdx.x] = t1 - t0;
  res[blockIdx.x * blockDim.x + threadIdx.x] = v + x + c + w;
}}''')
LOOPOPS=' : "+r"(x), "+r"(n), "+l"(v), "+l"(w), "+r"(c) : "r"(sb) : "memory");'
def asm(lines): return 'asm volatile("{\\n"\n'+"\n".join('"'+l+'\\n"' for l in lines)+'\n"}\\n"'+LOOPOPS
# index from the handler itself: cycles over targets; empty
def brx(T, work="add.u64 %2, %2, %3;", lds=False, uni=".uni"):
    L=[".reg .pred p; .reg .b32 i, nx, a;", "H: .branchtargets "+", ".join(f"T{j}" for j in range(T))+";"]
    if lds:
        # a program in shared memory of T numbers, in a ring of 64
        L+=["mov.b32 a, 0; ld.shared.b32 nx, [%5];",
            "NEXT: mov.b32 i, nx; add.s32 a, a, 4; and.b32 a, a, 252; add.s32 nx, a, %5; ld.shared.b32 nx, [nx]; sub.s32 %1, %1, 1; setp.eq.s32 p, %1, 0; @p bra DONE;",f"brx.idx{uni} i, H;"]
        L+=[f"T{j}: xor.b64 %2, %2, {j*977+3}; {work} bra.uni NEXT;" for j in range(T)]
    else:
        L+=["NEXT: sub.s32 %1, %1, 1; setp.eq.s32 p, %1, 0; @p bra DONE;","brx.idx%s %%0, H;"%uni]
        L+=[f"T{j}: xor.b64 %2, %2, {j*977+3}; {work} mov.b32 %0, {(j*7+1)%T}; bra.uni NEXT;" for j in range(T)]
    L+=["DONE:"]
    return asm(L)
k("brx4",brx(4)); k("brx64",brx(64)); k("brx64_lds",brx(64,lds=True)); k("brx600_lds",brx(600,lds=True)); k("brx64_nonuni",brx(64,lds=True,uni=""))
# dispatch at the end of each handler
def tail(T, work="add.u64 %2, %2, %3;"):
    L=[".reg .pred p; .reg .b32 i, nx, a;", "H: .branchtargets "+", ".join(f"T{j}" for j in range(T))+";"]
    disp="mov.b32 i, nx; add.s32 a, a, 4; and.b32 a, a, 252; add.s32 nx, a, %5; ld.shared.b32 nx, [nx]; "
    L+=["mov.b32 a, 0; ld.shared.b32 nx, [%5];",disp+"brx.idx.uni i, H;"]
    # the last one leaves
    L+=[f"T{j}: {disp} xor.b64 %2, %2, {j*977+3}; {work} sub.s32 %1, %1, 1; setp.eq.s32 p, %1, 0; @p bra DONE; brx.idx.uni i, H;" for j in range(T)]
    L+=["DONE:"]
    return asm(L)
k("tail4",tail(4)); k("tail16",tail(16)); k("tail64",tail(64))
# calls by address
for nn in (16,64):
    out.append("\n".join(f'__device__ __noinline__ unsigned long long fn{nn}_{j}(unsigned long long v, unsigned long long w) {{ asm volatile("xor.b64 %0, %0, {j*977+3};" : "+l"(v)); return v + w; }}' for j in range(nn)))
    out.append(f'typedef unsigned long long (*fp)(unsigned long long, unsigned long long);\n__device__ fp fns{nn}[{nn}] = {{'+", ".join(f"fn{nn}_{j}" for j in range(nn))+"};")
    k(f"call{nn}",f'''fp next = tab[0]; int a = 0;
  for (; n > 0; --n) {{ fp f = next; a = (a + 1) & 63; next = tab[a]; v = f(v, w); }}''',pre=f'__shared__ fp tab[64]; if (threadIdx.x < 64) for (int i = threadIdx.x; i < 64; i += 32) tab[i] = fns{nn}[in[i] % {nn}]; __syncthreads();')
# chains


out.insert(0,"__constant__ unsigned ctab[1024];")
k("ldc_chain","for (; n > 0; n -= 16) {\n#pragma unroll\nfor (int i = 0; i < 16; ++i) x = ctab[x]; }")
k("ldl_chain","for (; n > 0; n -= 16) {\n#pragma unroll\nfor (int i = 0; i < 16; ++i) x = loc[x & 15] ; }",pre="volatile unsigned loc[16]; for (int i = 0; i < 16; ++i) loc[i] = in[i] & 15;")
# store to shared, load it back
k("sts_lds",asm([".reg .pred p; .reg .b32 a;","mad.lo.u32 a, 0, 0, %5;","NEXT: "]+["st.volatile.shared.u64 [a], %2; ld.volatile.shared.u64 %2, [a];"]*16+["sub.s32 %1, %1, 16; setp.gt.s32 p, %1, 0; @p bra NEXT;"]))
# taken branches: forward, predicate known long before, to blocks that are not next
L=[".reg .pred p, q; setp.ne.u32 q, %4, 77777;","NEXT:"]
for j in range(16): L+=[f"@q bra B{j}; add.u64 %2, %2, {j*13+5}; xor.b64 %2, %2, %3; mul.lo.u64 %2, %2, {j*31+7}; add.u64 %2, %2, %3; B{j}: add.u64 %2, %2, %3;"]
L+=["sub.s32 %1, %1, 16; setp.gt.s32 p, %1, 0; @p bra NEXT;"]
k("bra_taken",asm(L))
L=[".reg .pred p, q; setp.eq.u32 q, %4, 77777;","NEXT:"]
for j in range(16): L+=[f"@q bra OUT{j}; add.u64 %2, %2, %3;"]
L+=["sub.s32 %1, %1, 16; setp.gt.s32 p, %1, 0; @p bra NEXT; bra.uni DONE;"]
for j in range(16): L+=[f"OUT{j}: st.shared.u64 [%5], %2; add.u64 %2, %2, {j}; bra.uni DONE;"]
L+=["DONE:"]
k("bra_not",asm(L))
# predicate computed right before
L=[".reg .pred p, q;","NEXT:"]
for j in range(16): L+=[f"setp.ne.u64 q, %2, 77777; @q bra B{j}; add.u64 %2, %2, {j*13+5}; xor.b64 %2, %2, %3; mul.lo.u64 %2, %2, {j*31+7}; add.u64 %2, %2, %3; B{j}: add.u64 %2, %2, %3;"]
L+=["sub.s32 %1, %1, 16; setp.gt.s32 p, %1, 0; @p bra NEXT;"]
k("bra_taken_dep",asm(L))
# 64-bit work
k("alu_add64",asm([".reg .pred p;","NEXT:"]+["add.u64 %2, %2, %3;"]*16+["sub.s32 %1, %1, 16; setp.gt.s32 p, %1, 0; @p bra NEXT;"]))
k("alu_mul64",asm([".reg .pred p;","NEXT:"]+["mul.lo.u64 %2, %2, %3;"]*16+["sub.s32 %1, %1, 16; setp.gt.s32 p, %1, 0; @p bra NEXT;"]))
k("alu_shr64",asm([".reg .pred p;","NEXT:"]+["shr.u64 %2, %2, %4; xor.b64 %2, %2, %3;"]*16+["sub.s32 %1, %1, 16; setp.gt.s32 p, %1, 0; @p bra NEXT;"]))
# a universal step: r[d] = ((r[a] * c >> k) ^ r[b]) + e & m, registers in shared memory, steps of 48 bytes in shared memory read one ahead
step='''{ ulonglong2 q0 = nq0, q1 = nq1, q2 = nq2; pcs = (pcs + 48 == 48 * 16) ? 0 : pcs + 48;
  nq0 = *(ulonglong2*)((char*)prog + pcs); nq1 = *(ulonglong2*)((char*)prog + pcs + 16); nq2 = *(ulonglong2*)((char*)prog + pcs + 32);
  unsigned where = (unsigned)q0.x, sh = (unsigned)(q0.x >> 32);
  unsigned long long *ra = (unsigned long long *)(regs + (where & 0xffff)), *rb = (unsigned long long *)(regs + (where >> 16)), *rd = (unsigned long long *)(regs + (sh >> 8));
  unsigned long long t = *ra, u = *rb; t = (t * q0.y) >> (sh & 63); t = ((t ^ u) + q1.x) & q1.y; *rd = t ^ q2.x; }'''
k("universal",f'''ulonglong2 nq0 = prog[0], nq1 = prog[1], nq2 = prog[2]; int pcs = 0;
  for (; n > 0; n -= 4) {{ {step} {step} {step} {step} }} v += *(unsigned long long*)regs;''',
 pre='''__shared__ ulonglong2 prog[48]; extern __shared__ char regsm[]; char *regs = regsm + threadIdx.x * 8; 
  if (threadIdx.x < 48) { prog[threadIdx.x % 48] = make_ulonglong2(threadIdx.x % 3 == 0 ? (unsigned long long)((threadIdx.x / 3 % 11) * blockDim.x * 8) << 40 | (((threadIdx.x / 3 + 10) % 11) * blockDim.x * 8) | ((threadIdx.x / 3 + 5) % 11 * blockDim.x * 8) << 16 | 3ull << 32 : 5, 77); if (blockDim.x == 32) for (int i = 32 + threadIdx.x; i < 48; i += 32) prog[i] = make_ulonglong2(i % 3 == 0 ? (unsigned long long)((i / 3 % 11) * 32 * 8) << 40 | (((i / 3 + 10) % 11) * 32 * 8) | ((i / 3 + 5) % 11 * 32 * 8) << 16 | 3ull << 32 : 5, 77); }
  for (int i = 0; i < 11; ++i) *(unsigned long long *)(regs + i * blockDim.x * 8) = in[i]; __syncthreads();''')
names=[l.split("(")[0].split()[-1] for o in out for l in o.splitlines() if l.startswith('extern "C"')]
host='''
#include <cstdio>
#include <cuda_runtime.h>
#include <vector>
#include <algorithm>
int main() {
  std::vector<unsigned> in(1024); for (int i = 0; i < 1024; ++i) in[i] = (i * 7 + 1) & 63;
  in[2] = 5; 
  unsigned *d; long long *c; unsigned long long *r; cudaMalloc(&d, 4096); cudaMalloc(&c, 8 * 1024); cudaMalloc(&r, 8 * 1024 * 1024);
  std::vector<unsigned> ct(1024); for (int i = 0; i < 1024; ++i) ct[i] = (i + 7) & 15; cudaMemcpyToSymbol(ctab, ct.data(), 4096);
  cudaDeviceProp p; cudaGetDeviceProperties(&p, 0); printf("%s\\n", p.name);
  struct { const char *n; void (*k)(int, const unsigned *, long long *, unsigned long long *); unsigned mod; unsigned mask; } ks[] = {KS};
  for (auto &k : ks) {
    for (int T : {32, 512}) { int B = T == 32 ? 1 : 132; int N = 6400;
      std::vector<unsigned> q(in); for (auto &e : q) e %= k.mod; if (k.n[3] == '6' && k.n[4] == '0') for (int i = 0; i < 64; ++i) q[i] = i * 37 % 600; q[1] = 3; 
      cudaMemcpy(d, q.data(), 4096, cudaMemcpyHostToDevice);
      size_t sh = k.mask ? T * 88 : 0; if (sh) cudaFuncSetAttribute((void*)k.k, cudaFuncAttributeMaxDynamicSharedMemorySize, 60000);
      std::vector<double> m; for (int i = 0; i < 5; ++i) { k.k<<<B, T, sh>>>(N, d, c, r); cudaError_t e = cudaDeviceSynchronize(); if (e) { printf("%s: %s\\n", k.n, cudaGetErrorString(e)); return 1; } long long h[132]; cudaMemcpy(h, c, 8 * B, cudaMemcpyDeviceToHost); std::sort(h, h + B); m.push_back((double)h[B / 2] / N); }
      std::sort(m.begin(), m.end()); printf("%-14s %s %8.1f cycles a turn\\n", k.n, T == 32 ? "one warp     " : "4 warps a part", m[2]); } }
}'''
mod={"brx4":4,"tail4":4,"tail16":16,"call16":16}
host=host.replace("KS",", ".join(f'{{"{n}", {n}, {mod.get(n,64)}, {1 if n=="universal" else 0}}}' for n in names))
open("dispatch.cu","w").write("\n".join(out)+host)
