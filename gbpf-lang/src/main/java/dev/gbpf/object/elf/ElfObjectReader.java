package dev.gbpf.object.elf;

import dev.gbpf.abi.AbiVersion;
import dev.gbpf.abi.Hook;
import dev.gbpf.diagnostic.Suggestion;
import dev.gbpf.object.LineInfo;
import dev.gbpf.object.MapDefinition;
import dev.gbpf.object.ObjectLayout;
import dev.gbpf.object.PolicyObject;
import dev.gbpf.object.ProgramObject;
import dev.gbpf.object.elf.LineTable.SourceLines;
import dev.gbpf.object.elf.MapSection.DeclaredMap;
import dev.gbpf.object.elf.ProgramLinker.Linked;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.EnumMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Objects that {@code clang -target bpf -O2 -g -c} makes, to policy objects. A function in section {@code gbpf/HOOK} is the
 * program of that hook; {@code docs/c-policies.md} tells what else such a file may hold.
 */
public final class ElfObjectReader {
    /** Section that holds the policy's name as a text; gbpf.h's macro GBPF_POLICY writes it. */
    public static final String NAME_SECTION = "gbpf.policy";

    /** Section that holds the version of the interface, two u16: major and minor. Every object that includes gbpf.h has it. */
    public static final String ABI_SECTION = "gbpf.abi";

    /** What the names of the sections of programs begin with; the hook's name follows. */
    public static final String HOOK_PREFIX = "gbpf/";

    private static final int[] MAGIC = {0x7f, 'E', 'L', 'F'};

    private final ElfFile file;
    private final String fileName;

    private ElfObjectReader(ElfFile file, String fileName) {
        this.file = file;
        this.fileName = fileName;
    }

    /** Whether bytes begin as an ELF file does. */
    public static boolean isElf(byte[] bytes) {
        for (int i = 0; i < MAGIC.length; i++) {
            if (bytes.length <= i || (bytes[i] & 0xff) != MAGIC[i]) {
                return false;
            }
        }
        return true;
    }

    /**
     * Reads an object.
     *
     * @param fileName what the file is called; the policy's name when the object does not tell it
     * @throws ElfFormatException when {@code bytes} is no object that this build can use
     */
    public static PolicyObject read(byte[] bytes, String fileName) {
        if (bytes.length > ObjectLayout.MAX_TOTAL_LENGTH) {
            throw new ElfFormatException(
                    ElfProblem.LIMIT,
                    "",
                    "the file has more than " + ObjectLayout.MAX_TOTAL_LENGTH + " bytes",
                    "split or shorten the policy");
        }
        return new ElfObjectReader(ElfFile.read(bytes), fileName).read();
    }

    private PolicyObject read() {
        AbiVersion abi = abi();
        checkSections();
        Btf btf = file.section(Btf.SECTION).map(s -> Btf.read(s.bytes())).orElse(null);
        LineTable lines = btf == null
                ? null
                : file.section(LineTable.SECTION)
                        .map(s -> LineTable.read(s.bytes(), btf))
                        .orElse(null);
        Map<Long, DeclaredMap> declared = MapSection.read(file, btf);
        Map<Integer, MapDefinition> variables = DataSections.read(file);
        List<MapDefinition> maps = DataSections.all(declared, variables);
        checkMaps(maps);
        FunctionTable functions = FunctionTable.read(file);
        Map<Hook, ElfFunction> entries = entries(functions);
        ProgramLinker linker =
                new ProgramLinker(new SymbolResolver(file, functions, declared.keySet(), variables.keySet()), lines);
        int source = lines == null ? 0 : mainFile(lines, entries.values());
        SourceLines text = new SourceLines();
        List<ProgramObject> programs = new ArrayList<>();
        for (Map.Entry<Hook, ElfFunction> entry : entries.entrySet()) {
            Linked linked = linker.link(entry.getValue());
            programs.add(new ProgramObject(entry.getKey(), linked.program(), lines(lines, linked, source, text)));
        }
        return new PolicyObject(
                name(), abi, maps, programs, lines == null || source == 0 ? null : text.text(lines.fileName(source)));
    }

    /**
     * What the object says, before anything else is read, so that what a newer interface added is not taken for a mistake. An
     * object without the section was made without gbpf.h: only what this build knows can be in it.
     */
    private AbiVersion abi() {
        ElfBytes bytes = file.section(ABI_SECTION).map(ElfSection::bytes).orElse(null);
        if (bytes == null) {
            return AbiVersion.CURRENT;
        }
        AbiVersion abi = new AbiVersion(bytes.u16(0), bytes.u16(Short.BYTES));
        if (!AbiVersion.CURRENT.runs(abi)) {
            throw new ElfFormatException(
                    ElfProblem.ABI_VERSION,
                    "section " + ABI_SECTION,
                    AbiVersion.CURRENT.refusal(abi),
                    AbiVersion.remedy(abi));
        }
        return abi;
    }

    private void checkSections() {
        for (ElfSection section : file.sections()) {
            String name = section.name();
            if (name.equals("maps")) {
                throw new ElfFormatException(
                        ElfProblem.SECTION,
                        "section maps",
                        "maps are described in the form that libbpf had before 1.0",
                        "define them in section .maps with __uint and __type as gbpf.h describes");
            }
            boolean isProgram = name.startsWith(HOOK_PREFIX);
            if (section.isCode() && section.size() > 0 && !isProgram && !isSubprograms(name)) {
                throw new ElfFormatException(
                        ElfProblem.SECTION,
                        "section " + name,
                        "it holds a program and names no hook",
                        "use SEC(\"gbpf/HOOK\") with one of " + String.join(", ", hookNames()));
            }
            if (isProgram && section.isData()) {
                throw new ElfFormatException(
                        ElfProblem.PROGRAM,
                        "section " + name,
                        "it holds variables, not a program",
                        "put SEC(\"" + name + "\") before a function");
            }
        }
    }

    private static boolean isSubprograms(String section) {
        return section.equals(".text") || section.startsWith(".text.");
    }

    private static List<String> hookNames() {
        return Arrays.stream(Hook.values()).map(Hook::symbol).toList();
    }

    private static void checkMaps(List<MapDefinition> maps) {
        Set<String> names = new HashSet<>();
        for (MapDefinition map : maps) {
            if (!names.add(map.name())) {
                throw new ElfFormatException(
                        ElfProblem.MAP, "", "two maps are called " + map.name(), "rename the map or the section");
            }
        }
        if (maps.size() > ObjectLayout.MAX_MAPS) {
            throw new ElfFormatException(
                    ElfProblem.LIMIT,
                    "",
                    "there are " + maps.size() + " maps and sections of variables, the limit is "
                            + ObjectLayout.MAX_MAPS,
                    "put several values into one map");
        }
    }

    /** The function of each hook, in the order of hooks. */
    private Map<Hook, ElfFunction> entries(FunctionTable functions) {
        Map<Hook, ElfFunction> entries = new EnumMap<>(Hook.class);
        for (ElfSection section : file.sections()) {
            if (!section.isCode() || !section.name().startsWith(HOOK_PREFIX)) {
                continue;
            }
            String symbol = section.name().substring(HOOK_PREFIX.length());
            Hook hook = Hook.byName(symbol)
                    .orElseThrow(() -> new ElfFormatException(
                            ElfProblem.UNKNOWN_HOOK,
                            "section " + section.name(),
                            "there is no hook " + symbol,
                            Suggestion.closest(symbol, hookNames())
                                    .map(s -> "did you mean SEC(\"gbpf/" + s + "\")?")
                                    .orElse("docs/hooks.md lists the hooks")));
            if (entries.put(hook, entry(functions.in(section), section, symbol)) != null) {
                throw new ElfFormatException(
                        ElfProblem.PROGRAM,
                        "section " + section.name(),
                        "two sections have this name",
                        "keep one program per hook");
            }
        }
        if (entries.isEmpty()) {
            throw new ElfFormatException(
                    ElfProblem.PROGRAM,
                    "",
                    "the object has no program",
                    "put SEC(\"gbpf/HOOK\") before a function; docs/hooks.md lists the hooks");
        }
        return entries;
    }

    /** The function that answers the hook: the only one that is not static, or the one that is called as the hook. */
    private static ElfFunction entry(Collection<ElfFunction> functions, ElfSection section, String hook) {
        List<ElfFunction> candidates =
                functions.stream().filter(f -> !f.isLocal()).toList();
        if (candidates.isEmpty()) {
            candidates = List.copyOf(functions);
        }
        if (candidates.size() > 1) {
            List<ElfFunction> named =
                    candidates.stream().filter(f -> f.name().equals(hook)).toList();
            candidates = named.isEmpty() ? candidates : named;
        }
        if (candidates.size() != 1) {
            throw new ElfFormatException(
                    ElfProblem.PROGRAM,
                    "section " + section.name(),
                    candidates.isEmpty()
                            ? "it holds no function"
                            : "functions " + candidates.get(0).name() + " and "
                                    + candidates.get(1).name() + " could both be the hook's",
                    "keep one function there, make the others static, or call it " + hook);
        }
        return candidates.getFirst();
    }

    private static int mainFile(LineTable lines, Collection<ElfFunction> entries) {
        return entries.stream()
                .mapToInt(f -> lines.fileOf(f.section().name(), f.start()))
                .filter(name -> name != 0)
                .findFirst()
                .orElse(0);
    }

    private static List<LineInfo> lines(@Nullable LineTable table, Linked linked, int source, SourceLines text) {
        List<LineInfo> lines = new ArrayList<>();
        if (table == null) {
            return lines;
        }
        for (Map.Entry<ElfFunction, Integer> placed : linked.functions().entrySet()) {
            ElfFunction function = placed.getKey();
            table
                    .lines(function.section().name(), function.start(), function.end(), placed.getValue(), source, text)
                    .stream()
                    .filter(line -> linked.program().indexOf(line.pc()) >= 0)
                    .forEach(lines::add);
        }
        return lines;
    }

    private String name() {
        String name = file.section(NAME_SECTION)
                .filter(s -> s.bytes().size() > 0)
                .map(s -> s.bytes().text(0))
                .orElseGet(this::nameOfFile);
        if (!ObjectLayout.isName(name)) {
            throw new ElfFormatException(
                    ElfProblem.NAME,
                    "section " + NAME_SECTION,
                    "the policy is called \"" + name + "\"",
                    "use 1 to " + ObjectLayout.MAX_NAME_LENGTH
                            + " letters, digits and underscores: GBPF_POLICY(\"name\")");
        }
        return name;
    }

    /** The file's name without folder and suffix, other characters than those of words replaced. */
    private String nameOfFile() {
        String name = fileName.substring(fileName.lastIndexOf('/') + 1);
        int dot = name.lastIndexOf('.');
        name = (dot > 0 ? name.substring(0, dot) : name).replaceAll("[^A-Za-z0-9_]", "_");
        if (name.isEmpty()) {
            return "policy";
        }
        return name.length() > ObjectLayout.MAX_NAME_LENGTH ? name.substring(0, ObjectLayout.MAX_NAME_LENGTH) : name;
    }
}
