package dev.gbpf.host.cli;

/** Tells about tests while they run. */
interface TestReport {
    /** The next file is done. */
    void file(TestedFile file);

    /** All are. */
    void end();
}
