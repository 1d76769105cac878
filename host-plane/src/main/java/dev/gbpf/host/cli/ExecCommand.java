package dev.gbpf.host.cli;

import dev.gbpf.host.device.MpsService;
import dev.gbpf.host.device.SmPartition;
import dev.gbpf.host.interpose.ApplicationClass;
import dev.gbpf.host.interpose.AttachSocket;
import dev.gbpf.host.interpose.ClientLibrary;
import dev.gbpf.host.interpose.ProcessImage;
import dev.gbpf.host.interpose.ProcessImage.NotExecutedException;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.EnumSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.TypeConversionException;

/** {@code gbpf exec}: a program that uses a GPU, under policy. */
@Command(
        name = "exec",
        addMethodSubcommands = false,
        description = {
            "Runs a program that uses CUDA under the policy of a daemon (gbpf daemon --device interposed): a library is loaded into it"
                    + " that asks before it launches. The program takes the place of gbpf: signals, standard streams and exit"
                    + " status are its own. Without a daemon it runs without policy, and comes under it when a daemon comes."
                    + " See docs/interposer-verdicts.md."
        },
        footer = {
            "",
            "Examples:",
            "  gbpf exec --tenant chat --class latency -- python serve.py",
            "  gbpf exec --tenant training -- python train.py",
            "  gbpf exec --tenant training --sm-percent 60 -- python train.py",
            "  gbpf exec --tenant training --sms 0-95 -- python train.py"
        })
final class ExecCommand implements Verb {
    private static final int LONGEST_NAME = 63;
    private static final String PRELOAD = "LD_PRELOAD";
    private static final String MPS_PRIORITY = "CUDA_MPS_CLIENT_PRIORITY";

    private final Session session;

    @Mixin
    final DaemonOption daemon = new DaemonOption();

    @Option(
            names = "--tenant",
            paramLabel = "NAME",
            required = true,
            description = "Whose program it is. A daemon makes a tenant that it does not know, with weight 1.")
    String tenant = "";

    @Option(
            names = "--class",
            paramLabel = "CLASS",
            converter = ClassConverter.class,
            description = "latency (somebody waits for it: it is never held unless a policy says so) or best-effort."
                    + " Default: best-effort.")
    ApplicationClass kind = ApplicationClass.BEST_EFFORT;

    @Option(
            names = "--sm-percent",
            paramLabel = "N",
            description =
                    "How much of each SM's threads, 1 to 100, the program may have where it shares the GPU by NVIDIA's MPS."
                            + " Without a running MPS it has no effect, and a line says so. Default: what MPS has been told.")
    @Nullable
    Integer smPercent;

    @Option(
            names = "--sms",
            paramLabel = "SMS",
            converter = SmsConverter.class,
            description =
                    "On which SMs of a GPU the program's non-blocking streams run, as COUNT or FIRST-LAST, where no policy says others;"
                            + " default streams and blocking ones have all. Programs beside each other need MPS for it. Default: on all.")
    @Nullable
    SmPartition sms;

    @Parameters(arity = "1..*", paramLabel = "COMMAND", description = "The program and its arguments.")
    List<String> command = List.of();

    ExecCommand(Session session) {
        this.session = session;
    }

    @Override
    public Set<ExitCode> exitCodes() {
        return EnumSet.of(ExitCode.ENVIRONMENT, ExitCode.OUTPUT, ExitCode.NOT_EXECUTABLE, ExitCode.NOT_FOUND);
    }

    /** The class of a word. */
    static final class ClassConverter implements ITypeConverter<ApplicationClass> {
        @Override
        public ApplicationClass convert(String word) {
            return ApplicationClass.byWord(word)
                    .orElseThrow(() -> new TypeConversionException(
                            "'" + word + "' is no class, expected " + String.join(" or ", ApplicationClass.words())));
        }
    }

    /** The partition of a word. */
    static final class SmsConverter implements ITypeConverter<SmPartition> {
        @Override
        public SmPartition convert(String word) {
            return SmPartition.parse(word)
                    .orElseThrow(() -> new TypeConversionException(
                            "'" + word + "' is no part of the SMs, expected COUNT or FIRST-LAST"));
        }
    }

    @Override
    public Integer call() {
        if (tenant.isBlank()
                || tenant.getBytes(StandardCharsets.UTF_8).length > LONGEST_NAME
                || tenant.codePoints().anyMatch(Character::isISOControl)) {
            throw new CliException(
                    ExitCode.USAGE, "--tenant is no name of 1 to " + LONGEST_NAME + " bytes: '" + tenant + "'", "");
        }
        if (smPercent != null && (smPercent < 1 || smPercent > 100)) {
            throw new CliException(ExitCode.USAGE, "--sm-percent is not from 1 to 100: " + smPercent, "");
        }
        if (sms != null && smPercent != null) {
            throw new CliException(
                    ExitCode.USAGE,
                    "--sms and --sm-percent exclude each other",
                    "MPS's percentage leaves no SMs that a program could have for itself");
        }
        Map<String, String> environment = session.console().environment();
        Path library = library(environment);
        Path attach = AttachSocket.beside(daemon.path(session.console()).toAbsolutePath());
        if (!AttachSocket.isServed(attach)) {
            session.err().println("gbpf: no daemon at " + attach + ": " + command.getFirst() + " runs without policy");
        }
        Map<String, String> variables = new LinkedHashMap<>();
        String earlier = environment.getOrDefault(PRELOAD, "");
        variables.put(PRELOAD, earlier.isEmpty() ? library.toString() : library + ":" + earlier);
        variables.put("GBPF_ATTACH", attach.toString());
        variables.put("GBPF_TENANT", tenant);
        variables.put("GBPF_CLASS", kind.word());
        if (sms != null) {
            variables.put("GBPF_SMS", sms.toString());
        }
        share(environment, variables);
        session.err().flush();
        throw notExecuted(variables);
    }

    /**
     * How MPS lets the program share the SMs (CUDA Multi-Process Service, Environment Variables): best effort comes after those for whom somebody waits, unless
     * the environment says otherwise.
     */
    private void share(Map<String, String> environment, Map<String, String> variables) {
        MpsService mps = MpsService.of(environment);
        if (!mps.runs()) {
            if (smPercent != null) {
                session.err()
                        .println("gbpf: no MPS at " + mps.pipes() + ": --sm-percent " + smPercent
                                + " has no effect (start it by nvidia-cuda-mps-control -d)");
            }
            return;
        }
        if (smPercent != null) {
            variables.put("CUDA_MPS_ACTIVE_THREAD_PERCENTAGE", Integer.toString(smPercent));
        }
        if (kind == ApplicationClass.BEST_EFFORT && !environment.containsKey(MPS_PRIORITY)) {
            variables.put(MPS_PRIORITY, "1");
        }
    }

    private CliException notExecuted(Map<String, String> variables) {
        try {
            NotExecutedException failed = ProcessImage.replace(command, variables);
            return new CliException(
                    failed.isMissing() ? ExitCode.NOT_FOUND : ExitCode.NOT_EXECUTABLE,
                    String.valueOf(failed.getMessage()),
                    "",
                    failed);
        } catch (IOException e) {
            return new CliException(
                    ExitCode.ENVIRONMENT, "cannot read the command line of this process: " + e.getMessage(), "", e);
        }
    }

    private static Path library(Map<String, String> environment) {
        Path cache = ClientLibrary.cache(environment)
                .orElseThrow(() -> new CliException(
                        ExitCode.ENVIRONMENT, "there is no place for the library", "set XDG_CACHE_HOME or HOME"));
        if (cache.toString().contains(" ") || cache.toString().contains(":")) {
            throw new CliException(
                    ExitCode.ENVIRONMENT,
                    "the folder " + cache + " has a blank or a colon in its name, which " + PRELOAD + " cannot name",
                    "set XDG_CACHE_HOME to another one");
        }
        try {
            return ClientLibrary.unpack(cache)
                    .orElseThrow(() -> new CliException(
                            ExitCode.ENVIRONMENT,
                            "this build of gBPF has no library for CUDA applications",
                            "build it on a Linux machine with gcc"));
        } catch (IOException e) {
            throw new CliException(ExitCode.OUTPUT, "cannot unpack the library: " + e, "", e);
        }
    }
}
