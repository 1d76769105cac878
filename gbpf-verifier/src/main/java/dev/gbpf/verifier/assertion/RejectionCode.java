package dev.gbpf.verifier.assertion;

/** The rules that a program can break. The codes are stable: a code that is no longer used is not used again. */
public enum RejectionCode {
    EMPTY_PROGRAM(
            "V0001",
            "the program has no instructions",
            "Execution starts at the first instruction, so there must be one.",
            "set the verdict in r0 and end with exit"),
    INVALID_TARGET(
            "V0002",
            "a jump or call leads to no instruction",
            "Jumps and calls must lead to the first slot of an instruction of the program, not outside and not into the second"
                    + " half of a 64-bit immediate load.",
            "recompute the offset: it counts 64-bit slots from the next instruction, and lddw takes two"),
    FALLS_OFF_END(
            "V0003",
            "execution can run past an end",
            "The last instruction of a program and of each function must be exit or an unconditional jump.",
            "end the function with exit"),
    JUMP_OUT_OF_FUNCTION(
            "V0004",
            "a jump leaves its function",
            "A function reaches from its first instruction to the next function's; jumps stay inside, only calls cross.",
            "call the other function, or move the code"),
    UNSUPPORTED_INSTRUCTION(
            "V0005",
            "the instruction is not available to policies",
            "Calls through registers, calls by BTF id, and loads of variables and code addresses have no meaning in gBPF.",
            "call helpers by number and functions by offset; keep variables in maps"),
    UNKNOWN_MAP(
            "V0006",
            "there is no map of this index",
            "Map references count the object's map table from 0.",
            "declare the map, or correct the index"),
    INVALID_MAP_VALUE_ADDRESS(
            "V0007",
            "the direct map value address is not valid",
            "Direct addresses point into the value area of an array map; element i begins at i times the value size rounded up"
                    + " to 8 bytes.",
            "use map_lookup_elem for other maps, and an offset inside the array"),
    UNKNOWN_HELPER(
            "V0008",
            "there is no helper of this number",
            "Helpers are listed, with their numbers, in the helper reference.",
            "check the number; it may belong to Linux and not exist here"),
    HELPER_NOT_ALLOWED(
            "V0009",
            "the helper is not available in this hook",
            "Each hook has its own set of helpers; what would make no sense or do harm at that moment is left out.",
            "do it in a hook that offers the helper and pass the result through a map"),
    FRAME_POINTER_WRITTEN(
            "V0010",
            "r10 is read-only",
            "r10 is the frame pointer; its value must hold in the whole function.",
            "copy r10 to another register and change the copy"),
    RECURSION(
            "V0011",
            "a function calls itself, directly or through others",
            "Recursion has no bound that the verifier could prove.",
            "write it as a bounded loop"),
    CALLS_TOO_DEEP(
            "V0012",
            "calls nest too deep",
            "At most eight frames of 512 bytes, the program's own included, may be live at once.",
            "inline the innermost functions"),
    IRREDUCIBLE_LOOP(
            "V0013",
            "a loop has more than one entry",
            "A loop must be entered through its first instruction only; else no single place sees each of its iterations.",
            "do not jump into the middle of a loop"),
    WELL_KNOWN_MAP(
            "V0014",
            "a well-known map is declared otherwise",
            "The plane writes the entries of a map of this name, so its kind, its number of entries and its values are as"
                    + " docs/hooks.md says.",
            "declare it as docs/hooks.md says, or choose another name"),
    UNINITIALISED_REGISTER(
            "V0020",
            "a register is read before it has a value",
            "At the start only r1 and r10 have values; a call leaves r1 to r5 without one, and a path that does not write a"
                    + " register leaves it as it was.",
            "give it a value on every path that leads here"),
    MIXED_VALUE(
            "V0021",
            "a register holds a number on one path and a pointer on another",
            "After paths meet, a value has one kind; this one cannot be used as either.",
            "use separate registers, or use the value before the paths meet"),
    NUMBER_REQUIRED(
            "V0022",
            "a number is needed, but this is a pointer",
            "Pointers are not numbers: their values must not leak into arithmetic, maps, verdicts or helpers.",
            "load the number that it points to first"),
    POINTER_ARITHMETIC(
            "V0023",
            "the operation is not allowed on a pointer",
            "A pointer may be copied in 64 bits, and a number added to or subtracted from it; nothing else.",
            "compute the offset as a number first, then add it"),
    POINTER_OFFSET(
            "V0024",
            "the offset added to a pointer has no proved bound",
            "The sum of all offsets of a pointer must provably stay below 2^47 in magnitude.",
            "bound the index first: if (i >= n) ..., or i & mask"),
    NULL_POINTER(
            "V0025",
            "the pointer may be null",
            "A lookup gives null when the key is absent; compare with null before any other use.",
            "compare it with null first, and go another way if it is"),
    POINTER_COMPARISON(
            "V0026",
            "the comparison is not allowed on a pointer",
            "A pointer may be tested for equality with 0 or with a pointer into the same memory, and for its order with a pointer into"
                    + " the same object (the context, a frame, an array), in 64 bits.",
            "compare offsets or indexes instead"),
    NOT_A_POINTER(
            "V0030",
            "memory is accessed through something that is not a pointer",
            "The base of a load or store must be the context, the frame, or a map value.",
            "use the pointer itself, not a number made from it"),
    STACK_BOUNDS(
            "V0031",
            "the access leaves the stack frame",
            "A frame is 512 bytes, from r10 - 512 up to r10.",
            "use an offset from -512 to minus the access's width; bound a variable index"),
    STACK_UNINITIALISED(
            "V0032",
            "stack bytes are read before they are written",
            "Every byte of the stack that is read, by a load or by a helper, must have been written on every path.",
            "initialise the whole object on the stack, padding included"),
    SPILLED_POINTER(
            "V0033",
            "the access would take a stored pointer apart",
            "A pointer on the stack can be loaded only as a whole, 8 bytes from where it was stored; other accesses, atomics and"
                    + " helpers must keep off.",
            "overwrite the slot with a number first, or use another slot"),
    UNALIGNED_SPILL(
            "V0034",
            "a pointer is stored at a place where it cannot be kept",
            "A pointer can be stored to the stack only, 8 bytes wide, at a constant offset that is a multiple of 8.",
            "use an aligned 8-byte slot"),
    CONTEXT_FIELD(
            "V0035",
            "the access is not a whole context field",
            "A program reads and writes the context one field at a time, at the field's offset and width.",
            "use a field of the hook's context"),
    CONTEXT_READ_ONLY(
            "V0036",
            "the context field is read-only",
            "Only the fields that the hook documents as outputs may be stored to.",
            "keep the value in a register, the stack or a map"),
    VALUE_BOUNDS(
            "V0037",
            "the access leaves the map value",
            "Every byte of a load or store must be inside the value that the pointer was made for.",
            "check the index against the length before the access"),
    MEMORY_BOUNDS(
            "V0038",
            "the access leaves the program's memory",
            "Every byte of a load or store must be inside the memory that r1 points to at the start.",
            "check the index against the size before the access"),
    POINTER_LEAK(
            "V0039",
            "a pointer would be stored where the plane can see it",
            "Pointers may be kept in registers and on the stack only, never in maps or the context.",
            "store an index or a key instead"),
    ATOMIC_MEMORY(
            "V0040",
            "atomic operations do not work on this memory",
            "Atomic operations work on the stack and on map values.",
            "load, compute and store"),
    ATOMIC_ALIGNMENT(
            "V0041",
            "the atomic operation is not aligned",
            "An atomic operation of 4 or 8 bytes must be at a multiple of 4 or 8 of the memory that it is in.",
            "align the field that it works on"),
    MAP_READ_ONLY(
            "V0042",
            "the map is read-only",
            "Constants, as .rodata of C holds them, never change: no store, atomic operation, update or deletion reaches them.",
            "keep what changes in another map"),
    SNAPSHOT_WRITE(
            "V0043",
            "a device program changes a snapshot",
            "The device sees copies of a snapshot, each of one moment, which all of its programs share; the host makes them. So device programs"
                    + " load from it, and nothing else.",
            "write it in a host hook; keep what the device changes in an array"),
    COUNTERS_WRITE(
            "V0044",
            "a host program changes counters",
            "Device programs add to counters, and the host has the sums of what they added. So host programs load them, and nothing else.",
            "remember the sum of the last look in another map, and work with the difference"),
    COUNTERS_ADD(
            "V0045",
            "counters are used otherwise than to add to them",
            "Each block of the device adds to counters of its own: what is in them says little, and is nobody else's to set. So a device"
                    + " program reaches them by atomic additions of 64 bits, without fetch.",
            "add with lock *(u64 *)(r1 + 0) += r2, in C __sync_fetch_and_add without use of its result; keep what the program reads in"
                    + " a percpu_array"),
    HELPER_ARGUMENT(
            "V0050",
            "the helper's argument is of the wrong kind",
            "Each helper documents what each argument must be: a number, a map, or memory that holds a key or a value.",
            "see the helper's reference for what the argument must be"),
    HELPER_MAP_KIND(
            "V0051",
            "the helper does not take a map of this kind",
            "Queues, stacks and ring buffers have helpers of their own, and none of their entries has a key.",
            "use map_push_elem and map_pop_elem on queues and stacks, ringbuf_output or ringbuf_reserve on ring buffers"),
    UNRELEASED_REFERENCE(
            "V0052",
            "a reserved record is neither submitted nor discarded",
            "The reader of a ring buffer waits at a reserved record, so every path from its reservation to the end of the program,"
                    + " and to the same reservation again, must submit or discard it, unless it is null.",
            "call ringbuf_submit or ringbuf_discard on this path, too"),
    RETURN_VALUE(
            "V0060",
            "the verdict is not in the hook's range",
            "r0 at exit must be a number that the hook documents as a verdict, on every path.",
            "return one of the hook's verdicts; clamp a computed one"),
    RETURNED_POINTER(
            "V0061",
            "a function returns a pointer into its own frame",
            "The frame is gone when the function returns.",
            "let the caller pass a pointer to its own frame"),
    UNBOUNDED_LOOP(
            "V0070",
            "no bound is proved for the loop",
            "Each loop needs a counter, in a register or an aligned stack slot, that every iteration changes by a constant amount in one direction and"
                    + " that the loop's exit tests keep below (or above) a bound.",
            "write it as: for i in a..b"),
    OVER_BUDGET(
            "V0071",
            "the program can cost more than the hook allows",
            "The worst-case number of instructions, loops included, must fit the hook's budget.",
            "lower the loop bounds, or do part of the work in on_tick"),
    TOO_COMPLEX(
            "V0072",
            "the program is too complex to analyse within the limit",
            "The verifier gives up after a fixed amount of work, so that it always answers in bounded time.",
            "split the program, call functions from fewer places, or nest loops less deep; or raise the limit: gbpf verify"
                    + " --step-limit, VerifierOptions.withStepLimit"),
    UNCONFIRMED(
            "V0073",
            "the verifier could not confirm its own result",
            "After the analysis each of its results is checked once more; one of them did not hold. This is a defect of the"
                    + " verifier, not of the program; rejecting is the safe answer.",
            "report it, with the program"),
    OUT_OF_TIME(
            "V0074",
            "the program takes longer to analyse than the limit",
            "The verifier gives up after a time, so that whoever waits for it does not wait for long.",
            "split the program, call functions from fewer places, or nest loops less deep; or raise the limit: gbpf verify"
                    + " --time-limit, VerifierOptions.withTimeLimit"),
    OUT_OF_MEMORY(
            "V0075",
            "the program takes more memory to analyse than the limit",
            "The verifier counts what it keeps of each program point and gives up in time, so that no program exhausts the memory"
                    + " of the process that verifies it.",
            "split the program, call functions from fewer places, or use less of the stack where many branches meet; or raise the"
                    + " limit: gbpf verify --memory-limit, VerifierOptions.withMemoryLimit"),
    ABI_VERSION(
            "V0080",
            "the object was compiled for another version of the interface",
            "An object runs on the interface version it was compiled for and on newer ones with the same major number.",
            "compile the policy again with this version of gbpf"),
    DUPLICATE_HOOK(
            "V0081",
            "a hook has more than one program",
            "A policy answers each hook with at most one program.",
            "merge the programs"),
    DIVERGENT_BRANCH(
            "V0090",
            "lanes of a warp may part at this branch",
            "The hook runs for a tenant in each lane of a warp, all at the same instruction: what decides a branch must be the same"
                    + " in all lanes. What each tenant has its own of may be computed with, stored and returned.",
            "compute the result without a branch: std::lanes has less, select, least and others"),
    WIDE_DIVISION(
            "V0091",
            "the division may need more than 32 bits",
            "Devices divide 64-bit numbers in software, at many times the cost of 32-bit ones; in hooks on the way of a task both"
                    + " operands of a 64-bit division or remainder must be known to fit 32 bits.",
            "cut both operands down first: min(x, 0xffff_ffff) or x & 0xffff_ffff, in C a division of __u32; or shift by a power"
                    + " of two"),
    DEVICE_STACK(
            "V0092",
            "the frames together need more stack than the device has",
            "Each lane that runs a program has its stack in the fast memory of its SM, which is small.",
            "keep less on the stack, or call fewer functions inside each other");

    private final String code;
    private final String title;
    private final String explanation;
    private final String hint;

    RejectionCode(String code, String title, String explanation, String hint) {
        this.code = code;
        this.title = title;
        this.explanation = explanation;
        this.hint = hint;
    }

    /** The code in messages: {@code V} and four digits. */
    public String code() {
        return code;
    }

    /** What is wrong: a clause that begins in lower case, without a full stop. */
    public String title() {
        return title;
    }

    /** The rule. */
    public String explanation() {
        return explanation;
    }

    /** What usually helps. */
    public String hint() {
        return hint;
    }
}
