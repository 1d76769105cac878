package dev.gbpf.cuda.differential;

import java.lang.foreign.MemorySegment;

/** Where {@code program_check.cu} runs. */
interface CheckDevice extends AutoCloseable {
    /** How programs run there. */
    enum Form {
        INTERPRETED,
        COMPILED
    }

    /** Memory for one thread's batches, one at a time. */
    Place place(Form form);

    @Override
    void close();

    /** A thread's place. */
    interface Place {
        /** A batch to be filled. */
        ProgramBatch batch();

        /**
         * Compiles what is to be machine code.
         *
         * @param ptx a module of PTX with the batch's programs
         */
        void compile(ProgramBatch batch, String ptx);

        /** Runs the batch; an outcome of {@link ProgramBatch#OUTCOME} bytes for each program, good until the next run. */
        MemorySegment check(ProgramBatch batch);
    }
}
