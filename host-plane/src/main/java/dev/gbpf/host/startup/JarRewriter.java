package dev.gbpf.host.startup;

import java.io.IOException;
import java.io.OutputStream;
import java.lang.classfile.ClassHierarchyResolver;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.stream.Stream;
import java.util.zip.CRC32;
import java.util.zip.ZipEntry;
import java.util.zip.ZipFile;
import java.util.zip.ZipOutputStream;

/** Rewrites the jars of a folder in place. Processes that run from them keep the jars that they opened. */
public final class JarRewriter {
    private final ClassRewriter classes;

    private JarRewriter(ClassRewriter classes) {
        this.classes = classes;
    }

    /**
     * Rewrites the jars of the folder that the one argument names.
     *
     * @throws IOException when a jar cannot be read or replaced; those before it are rewritten, the others as they were
     */
    public static void main(String... arguments) throws IOException {
        if (arguments.length != 1) {
            throw new IllegalArgumentException("one folder of jars is needed, not " + arguments.length + " arguments");
        }
        rewriteAll(Path.of(arguments[0]));
    }

    /** Rewrites the jars of a folder. */
    static void rewriteAll(Path folder) throws IOException {
        List<Path> jars;
        try (Stream<Path> files = Files.list(folder)) {
            jars = files.filter(file -> file.toString().endsWith(".jar"))
                    .sorted()
                    .toList();
        }
        List<URL> urls = new ArrayList<>();
        for (Path jar : jars) {
            urls.add(jar.toUri().toURL());
        }
        try (URLClassLoader loader =
                new URLClassLoader(urls.toArray(URL[]::new), ClassLoader.getPlatformClassLoader())) {
            JarRewriter rewriter = new JarRewriter(new ClassRewriter(ClassHierarchyResolver.ofResourceParsing(loader)));
            for (Path jar : jars) {
                rewriter.rewrite(jar);
            }
        }
    }

    private void rewrite(Path jar) throws IOException {
        Path rewritten = jar.resolveSibling(jar.getFileName() + ".new");
        try (ZipFile from = new ZipFile(jar.toFile())) {
            List<? extends ZipEntry> entries = Collections.list(from.entries());
            // A signature would no longer hold.
            if (entries.stream().anyMatch(entry -> entry.getName().matches("META-INF/[^/]*\\.SF"))) {
                return;
            }
            try (OutputStream file = Files.newOutputStream(rewritten);
                    ZipOutputStream to = new ZipOutputStream(file)) {
                for (ZipEntry entry : entries) {
                    copy(entry, from.getInputStream(entry).readAllBytes(), to);
                }
            }
        }
        Files.move(rewritten, jar, StandardCopyOption.ATOMIC_MOVE);
    }

    private void copy(ZipEntry entry, byte[] content, ZipOutputStream to) throws IOException {
        byte[] bytes = isClass(entry.getName()) ? rewrite(content) : content;
        ZipEntry copy = new ZipEntry(entry.getName());
        copy.setTimeLocal(entry.getTimeLocal());
        // What is read while starting need not be inflated.
        copy.setMethod(ZipEntry.STORED);
        copy.setSize(bytes.length);
        CRC32 sum = new CRC32();
        sum.update(bytes);
        copy.setCrc(sum.getValue());
        to.putNextEntry(copy);
        to.write(bytes);
    }

    private byte[] rewrite(byte[] content) {
        try {
            return classes.rewrite(content);
        } catch (IllegalArgumentException e) {
            // It names a class that is not there, of an optional library: the JVM will not load it either.
            return content;
        }
    }

    private static boolean isClass(String name) {
        return name.endsWith(".class") && !name.startsWith("META-INF/") && !name.endsWith("module-info.class");
    }
}
