package dev.gbpf.policies.cost;

import java.util.Locale;

/** Prints, for each hook of the library, its certificate and the most that a search finds, as a table in Markdown. Argument: tries. */
final class CertificateReport {
    private CertificateReport() {}

    public static void main(String[] arguments) {
        int tries = arguments.length > 0 ? Integer.parseInt(arguments[0]) : 200_000;
        System.out.println("| policy | hook | certificate | largest found | ratio | helper calls | found |");
        System.out.println("|---|---|---:|---:|---:|---:|---:|");
        LibraryHook.all().forEach(hook -> {
            CostSearch search = hook.search(1);
            long most = search.run(tries);
            long bound = hook.certificate().worstCaseInstructions();
            System.out.printf(
                    Locale.ROOT,
                    "| %s | %s | %,d | %,d | %.2f | %,d | %,d |%n",
                    hook.policy().name(),
                    hook.program().hook().symbol(),
                    bound,
                    most,
                    (double) bound / most,
                    hook.certificate().worstCaseHelperCalls(),
                    search.mostHelperCalls());
        });
    }
}
