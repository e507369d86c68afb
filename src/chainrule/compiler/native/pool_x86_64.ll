; What the pool needs of an x86-64 processor.

declare void @llvm.x86.sse2.pause()
declare void @llvm.x86.sse.stmxcsr(ptr)
declare void @llvm.x86.sse.ldmxcsr(ptr)

; Tell it that this thread is waiting.
define void @relax() nounwind {
  call void @llvm.x86.sse2.pause()
  ret void
}

; How it rounds, and whether it flushes denormal numbers to zero.
define i64 @float_mode() nounwind {
  %place = alloca i32, align 4
  call void @llvm.x86.sse.stmxcsr(ptr %place)
  %mode = load i32, ptr %place, align 4
  %word = zext i32 %mode to i64
  ret i64 %word
}

define void @set_float_mode(i64 %word) nounwind {
  %place = alloca i32, align 4
  %mode = trunc i64 %word to i32
  store i32 %mode, ptr %place, align 4
  call void @llvm.x86.sse.ldmxcsr(ptr %place)
  ret void
}
