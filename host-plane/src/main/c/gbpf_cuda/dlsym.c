/*
 * dlsym, so that whoever asks libcuda for a function gets its wrapper. This file is built without sanitizers: their own start calls dlsym.
 *
 * The exported function is assembly because the real one looks at its return address to know who asks (RTLD_NEXT, RTLD_DEFAULT): what is
 * not ours must reach it by a jump, as if it had been called directly.
 */
#include <dlfcn.h>
#include <stddef.h>
#include <string.h>

#include "driver.h"
#include "process.h"

typedef void *dlsym_function(void *, const char *);

/* Read by the assembly below. */
__attribute__((visibility("hidden"))) dlsym_function *gbpf_dlsym_next;

static dlsym_function *find_next(void) {
    static const char *const versions[] = {"GLIBC_2.34", "GLIBC_2.2.5", "GLIBC_2.17"};
    dlsym_function *next = LOAD(&gbpf_dlsym_next);
    for (size_t i = 0; next == NULL && i < sizeof versions / sizeof *versions; i++)
        next = (dlsym_function *)dlvsym(RTLD_NEXT, "dlsym", versions[i]);
    STORE(&gbpf_dlsym_next, next);
    return next;
}

void *gbpf_real_dlsym(void *handle, const char *name) { return find_next()(handle, name); }

#define NOTHING ((void *)-1)

/* What to give for name instead of what the real dlsym finds; null: jump to it; NOTHING: null. */
__attribute__((visibility("hidden"), used)) void *gbpf_dlsym_choose(void *handle, const char *name) {
    /* A wrapper being resolved must not be resolved again for. */
    static __thread int inside __attribute__((tls_model("initial-exec")));
    find_next();
    if (handle == RTLD_NEXT || name == NULL || name[0] != 'c' || name[1] != 'u' || inside || gbpf_disabled()) return NULL;
    const int entry = gbpf_entry_of_symbol(name);
    if (entry < 0) {
        gbpf_count_unwrapped(name);
        return NULL;
    }
    inside = 1;
    void *result = NULL;
    void *const wrapper = gbpf_entries[entry].wrapper;
    void *const found = gbpf_real_dlsym(handle, name);
    if (gbpf_driver_resolve()) {
        /* Another library's function of this name stays that library's. */
        if (found != NULL && (found == wrapper || found == LOAD(&gbpf_real_functions[entry]))) result = wrapper;
        /* A function that this driver does not have. */
        if (result != NULL && LOAD(&gbpf_real_functions[entry]) == NULL) result = NOTHING;
    } else if (found == wrapper) {
        /* No driver: it must look as if this library were not there either. */
        result = NOTHING;
    }
    /* Nobody has the name after this library: this leaves dlerror as a search in vain does. */
    if (result == NOTHING) gbpf_real_dlsym(RTLD_NEXT, name);
    inside = 0;
    if (result == wrapper) ADD(&gbpf_wrappers_given, 1);
    return result;
}

#if defined(__x86_64__)
#define DLSYM(name)                                    \
    ".globl " name "\n.type " name ", @function\n"     \
    name ":\n"                                         \
    "  .cfi_startproc\n"                               \
    "  endbr64\n"                                      \
    "  push %rdi\n  .cfi_adjust_cfa_offset 8\n"        \
    "  push %rsi\n  .cfi_adjust_cfa_offset 8\n"        \
    "  sub $8, %rsp\n  .cfi_adjust_cfa_offset 8\n"     \
    "  call gbpf_dlsym_choose\n"                       \
    "  add $8, %rsp\n  .cfi_adjust_cfa_offset -8\n"    \
    "  pop %rsi\n  .cfi_adjust_cfa_offset -8\n"        \
    "  pop %rdi\n  .cfi_adjust_cfa_offset -8\n"        \
    "  test %rax, %rax\n"                              \
    "  jne 1f\n"                                       \
    "  jmp *gbpf_dlsym_next(%rip)\n"                   \
    "1: cmp $-1, %rax\n"                               \
    "  jne 2f\n"                                       \
    "  xor %eax, %eax\n"                               \
    "2: ret\n"                                         \
    "  .cfi_endproc\n"                                 \
    ".size " name ", . - " name "\n"
#elif defined(__aarch64__)
#define DLSYM(name)                                    \
    ".globl " name "\n.type " name ", %function\n"     \
    name ":\n"                                         \
    "  .cfi_startproc\n"                               \
    "  stp x29, x30, [sp, #-32]!\n"                    \
    "  .cfi_def_cfa_offset 32\n"                       \
    "  .cfi_offset x29, -32\n  .cfi_offset x30, -24\n" \
    "  stp x0, x1, [sp, #16]\n"                        \
    "  bl gbpf_dlsym_choose\n"                         \
    "  mov x2, x0\n"                                   \
    "  ldp x0, x1, [sp, #16]\n"                        \
    "  ldp x29, x30, [sp], #32\n"                      \
    "  .cfi_def_cfa_offset 0\n"                        \
    "  cbnz x2, 1f\n"                                  \
    "  adrp x2, gbpf_dlsym_next\n"                     \
    "  ldr x2, [x2, :lo12:gbpf_dlsym_next]\n"          \
    "  br x2\n"                                        \
    "1: cmn x2, #1\n"                                  \
    "  csel x0, xzr, x2, eq\n"                         \
    "  ret\n"                                          \
    "  .cfi_endproc\n"                                 \
    ".size " name ", . - " name "\n"
#else
#error "dlsym has no assembly for this machine"
#endif

/* Two versions with one meaning: glibc moved dlsym from libdl to libc in 2.34. */
__asm__(".text\n" DLSYM("gbpf_dlsym") DLSYM("gbpf_dlsym_old")
    ".symver gbpf_dlsym, dlsym@@GLIBC_2.34\n"
#if defined(__x86_64__)
    ".symver gbpf_dlsym_old, dlsym@GLIBC_2.2.5\n");
#else
    ".symver gbpf_dlsym_old, dlsym@GLIBC_2.17\n");
#endif
