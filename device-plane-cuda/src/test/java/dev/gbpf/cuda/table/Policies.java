package dev.gbpf.cuda.table;

import dev.gbpf.diagnostic.SourceFile;
import dev.gbpf.host.law.TestedPolicy;
import dev.gbpf.object.PolicyObject;
import dev.gbpf.verifier.VerificationResult;
import dev.gbpf.verifier.Verifier;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** Policies for tests, from their sources to what a device runs. */
public final class Policies {
    private Policies() {}

    /** Compiles and verifies a policy. */
    public static DevicePolicy of(String source) {
        PolicyObject object =
                TestedPolicy.of(new SourceFile("test.gbpf", source)).object();
        return DevicePolicy.of(object, (VerificationResult.Accepted) new Verifier().verify(object));
    }

    /** A policy of the library. */
    public static DevicePolicy library(String name) {
        Path file = Path.of(System.getProperty("gbpf.root", ".."), "policies", name, name + ".gbpf");
        try {
            return of(Files.readString(file));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
