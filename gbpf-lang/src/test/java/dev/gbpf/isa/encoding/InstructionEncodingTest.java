package dev.gbpf.isa.encoding;

import static org.assertj.core.api.Assertions.assertThat;

import dev.gbpf.isa.AluOp;
import dev.gbpf.isa.AtomicOp;
import dev.gbpf.isa.ByteSwapKind;
import dev.gbpf.isa.Immediate;
import dev.gbpf.isa.Instruction;
import dev.gbpf.isa.Instruction.Alu;
import dev.gbpf.isa.Instruction.Atomic;
import dev.gbpf.isa.Instruction.ByteSwap;
import dev.gbpf.isa.Instruction.CallBtf;
import dev.gbpf.isa.Instruction.CallHelper;
import dev.gbpf.isa.Instruction.CallLocal;
import dev.gbpf.isa.Instruction.CallRegister;
import dev.gbpf.isa.Instruction.CondJump;
import dev.gbpf.isa.Instruction.Exit;
import dev.gbpf.isa.Instruction.Jump;
import dev.gbpf.isa.Instruction.Load;
import dev.gbpf.isa.Instruction.LoadImm64;
import dev.gbpf.isa.Instruction.LoadPseudo;
import dev.gbpf.isa.Instruction.Mov;
import dev.gbpf.isa.Instruction.Neg;
import dev.gbpf.isa.Instruction.Store;
import dev.gbpf.isa.JumpOp;
import dev.gbpf.isa.PseudoKind;
import dev.gbpf.isa.Register;
import dev.gbpf.isa.Width;
import java.util.HexFormat;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** Encodings written out by LLVM 19's assembler, so that the numbers of the table are checked against another source. */
class InstructionEncodingTest {
    private static final Register R0 = Register.R0;
    private static final Register R1 = Register.R1;
    private static final Register R2 = Register.R2;

    @ParameterizedTest
    @MethodSource("llvmEncodings")
    void encode_givesTheBytesOfLlvm(String hex, Instruction instruction) {
        byte[] code = HexFormat.of().parseHex(hex.replace(" ", ""));
        assertThat(InstructionEncoder.encode(instruction)).isEqualTo(code);
        assertThat(InstructionDecoder.decode(code).instructions()).isEqualTo(List.of(instruction));
    }

    static Stream<Arguments> llvmEncodings() {
        return Stream.of(
                row("07 01 00 00 fb ff ff ff", new Alu(AluOp.ADD, true, R1, new Immediate(-5))),
                row("0c 21 00 00 00 00 00 00", new Alu(AluOp.ADD, false, R1, R2)),
                row("3f 21 01 00 00 00 00 00", new Alu(AluOp.SDIV, true, R1, R2)),
                row("94 01 01 00 03 00 00 00", new Alu(AluOp.SMOD, false, R1, new Immediate(3))),
                row("c7 01 00 00 03 00 00 00", new Alu(AluOp.ARSH, true, R1, new Immediate(3))),
                row("87 01 00 00 00 00 00 00", new Neg(true, R1)),
                row("84 01 00 00 00 00 00 00", new Neg(false, R1)),
                row("b4 01 00 00 ff ff ff ff", new Mov(false, 0, R1, new Immediate(-1))),
                row("bf 21 08 00 00 00 00 00", new Mov(true, 8, R1, R2)),
                row("bc 21 10 00 00 00 00 00", new Mov(false, 16, R1, R2)),
                row("bf 21 20 00 00 00 00 00", new Mov(true, 32, R1, R2)),
                row("dc 01 00 00 10 00 00 00", new ByteSwap(ByteSwapKind.BE, 16, R1)),
                row("d4 01 00 00 20 00 00 00", new ByteSwap(ByteSwapKind.LE, 32, R1)),
                row("d7 01 00 00 40 00 00 00", new ByteSwap(ByteSwapKind.SWAP, 64, R1)),
                row("71 21 00 00 00 00 00 00", new Load(Width.B, false, R1, R2, (short) 0)),
                row("69 21 fc ff 00 00 00 00", new Load(Width.H, false, R1, R2, (short) -4)),
                row("61 21 64 00 00 00 00 00", new Load(Width.W, false, R1, R2, (short) 100)),
                row("79 21 00 80 00 00 00 00", new Load(Width.DW, false, R1, R2, Short.MIN_VALUE)),
                row("91 21 01 00 00 00 00 00", new Load(Width.B, true, R1, R2, (short) 1)),
                row("81 21 01 00 00 00 00 00", new Load(Width.W, true, R1, R2, (short) 1)),
                row("73 2a ff ff 00 00 00 00", new Store(Width.B, Register.R10, (short) -1, R2)),
                row("62 0a fc ff 05 00 00 00", new Store(Width.W, Register.R10, (short) -4, new Immediate(5))),
                row("7a 0a f8 ff fb ff ff ff", new Store(Width.DW, Register.R10, (short) -8, new Immediate(-5))),
                row("18 01 00 00 05 00 00 00 00 00 00 00 00 00 00 00", new LoadImm64(R1, 5)),
                row("18 01 00 00 fb ff ff ff 00 00 00 00 ff ff ff ff", new LoadImm64(R1, -5)),
                row("18 01 00 00 f0 de bc 9a 00 00 00 00 78 56 34 12", new LoadImm64(R1, 0x123456789abcdef0L)),
                row("18 11 00 00 05 00 00 00 00 00 00 00 00 00 00 00", new LoadPseudo(PseudoKind.MAP_BY_FD, R1, 5, 0)),
                row(
                        "18 61 00 00 05 00 00 00 00 00 00 00 08 00 00 00",
                        new LoadPseudo(PseudoKind.MAP_VALUE_BY_INDEX, R1, 5, 8)),
                row("05 00 ff ff 00 00 00 00", new Jump(-1, false)),
                row("06 00 00 00 10 27 00 00", new Jump(10_000, true)),
                row("1d 21 01 00 00 00 00 00", new CondJump(JumpOp.EQ, true, R1, R2, (short) 1)),
                row("66 01 fd ff fb ff ff ff", new CondJump(JumpOp.SGT, false, R1, new Immediate(-5), (short) -3)),
                row("4e 21 02 00 00 00 00 00", new CondJump(JumpOp.SET, false, R1, R2, (short) 2)),
                row("dd 21 00 00 00 00 00 00", new CondJump(JumpOp.SLE, true, R1, R2, (short) 0)),
                row("85 00 00 00 01 00 00 00", new CallHelper(1)),
                row("85 10 00 00 ff ff ff ff", new CallLocal(-1)),
                row("85 20 00 00 05 00 00 00", new CallBtf(5)),
                row("8d 02 00 00 00 00 00 00", new CallRegister(R2)),
                row("95 00 00 00 00 00 00 00", new Exit()),
                row("db 21 00 00 00 00 00 00", new Atomic(AtomicOp.ADD, true, false, R1, (short) 0, R2)),
                row("c3 21 04 00 40 00 00 00", new Atomic(AtomicOp.OR, false, false, R1, (short) 4, R2)),
                row("c3 21 f8 ff a1 00 00 00", new Atomic(AtomicOp.XOR, false, true, R1, (short) -8, R2)),
                row("db 21 00 00 e1 00 00 00", new Atomic(AtomicOp.XCHG, true, true, R1, (short) 0, R2)),
                row("c3 21 00 00 f1 00 00 00", new Atomic(AtomicOp.CMPXCHG, false, true, R1, (short) 0, R2)),
                row("b7 00 00 00 00 00 00 80", new Mov(true, 0, R0, new Immediate(Integer.MIN_VALUE))));
    }

    private static Arguments row(String hex, Instruction instruction) {
        return Arguments.of(hex, instruction);
    }
}
