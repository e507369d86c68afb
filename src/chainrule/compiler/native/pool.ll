; The fork-join pool: `parallel` cuts a job into pieces, and worker loops take them from a queue.
;
; The queue is one number, the pieces not yet taken. Whoever lowers it has a right to so many pieces, and only
; then reads what the job is: until these pieces are finished the job cannot end, so that nobody ever runs a
; piece of a job that has ended or has not begun. Each time about a half of a thread's share of what is left is
; taken (guided self-scheduling): threads seldom meet, and the last pieces are taken one by one.
;
; Which piece that is depends on the thread. Pieces are cut into as many ranges as there are threads; each
; thread takes those of its own range first, in order, and then those that others have left. Kernels that work
; on the same rows one after the other so find in a core's cache what the core has put there. There are as many
; rights as pieces, so whoever has one finds a piece.
;
; Who has nothing to do looks again and again for a while, then raises its flag `asleep`, looks once more,
; and waits for its lock. Whoever lowers the flag of a sleeper, and nobody else, releases the lock. The
; flag and what is waited for are seen in one order by all threads (seq_cst): either the sleeper sees that
; there is work, or whoever brings work sees the flag.

; Function (argument, piece), argument, number of pieces, float mode, number of ranges, and how often what is left
; is halved for what is taken at once.
%Job = type { ptr, ptr, i64, i64, i64, i64 }
%Team = type { i64, i64, ptr, i64 }                 ; busy, number of workers, their sleepers, looks before sleep
%Sleeper = type { i64, ptr, i64, i64, [12 x i64] }  ; asleep, lock, stop, pieces taken of its range
; Each on cache lines of its own: pieces not taken, pieces not finished, job, team, the caller as a sleeper.
%Pool = type { i64, [15 x i64], i64, [15 x i64], %Job, [10 x i64], %Team, [12 x i64], %Sleeper }

declare i32 @PyThread_acquire_lock(ptr, i32)
declare void @PyThread_release_lock(ptr)
declare i64 @llvm.smin.i64(i64, i64)
declare i64 @llvm.umax.i64(i64, i64)
declare i64 @llvm.ctlz.i64(i64, i1)

; Defined for each kind of processor in a module of its own.
declare void @relax()
declare i64 @float_mode()
declare void @set_float_mode(i64)

; Run a job on the calling thread and the workers, or on the calling thread alone while the pool is busy.
define void @parallel(ptr %pool, ptr %function, ptr %argument, i64 %pieces) nounwind {
entry:
  %team = getelementptr %Pool, ptr %pool, i64 0, i32 6
  %several = icmp sgt i64 %pieces, 1
  br i1 %several, label %enter, label %alone
enter:
  %entered = call i64 @try_enter(ptr %pool)
  %free = icmp ne i64 %entered, 0
  br i1 %free, label %count, label %alone
count:
  %workers.place = getelementptr %Team, ptr %team, i64 0, i32 1
  %workers = load i64, ptr %workers.place, align 8
  %any = icmp ne i64 %workers, 0
  br i1 %any, label %share, label %leave.alone
share:
  %job = getelementptr %Pool, ptr %pool, i64 0, i32 4
  %job.argument = getelementptr %Job, ptr %job, i64 0, i32 1
  %job.pieces = getelementptr %Job, ptr %job, i64 0, i32 2
  %job.mode = getelementptr %Job, ptr %job, i64 0, i32 3
  %job.ranges = getelementptr %Job, ptr %job, i64 0, i32 4
  %threads = add i64 %workers, 1
  %ranges = call i64 @llvm.smin.i64(i64 %pieces, i64 %threads)
  store ptr %function, ptr %job, align 8
  store ptr %argument, ptr %job.argument, align 8
  store i64 %pieces, ptr %job.pieces, align 8
  store i64 %ranges, ptr %job.ranges, align 8
  %job.halvings = getelementptr %Job, ptr %job, i64 0, i32 5
  %zeros = call i64 @llvm.ctlz.i64(i64 %ranges, i1 false)
  %halvings = sub i64 64, %zeros
  store atomic i64 %halvings, ptr %job.halvings monotonic, align 8
  call void @begin_ranges(ptr %pool, i64 %ranges)
  %mode = call i64 @float_mode()
  store i64 %mode, ptr %job.mode, align 8
  %unfinished = getelementptr %Pool, ptr %pool, i64 0, i32 2
  store atomic i64 %pieces, ptr %unfinished monotonic, align 8
  store atomic i64 %pieces, ptr %pool seq_cst, align 8
  %others = sub i64 %pieces, 1
  %needed = call i64 @llvm.smin.i64(i64 %others, i64 %workers)
  call void @wake_workers(ptr %team, i64 %needed)
  call void @work(ptr %pool, i64 0)
  %caller = getelementptr %Pool, ptr %pool, i64 0, i32 8
  call void @wait(ptr @is_finished, ptr %pool, ptr %caller)
  call void @leave(ptr %pool)
  ret void
leave.alone:
  call void @leave(ptr %pool)
  br label %alone
alone:
  call void @run_all(ptr %function, ptr %argument, i64 %pieces)
  ret void
}

; Have the pool for oneself: 1 if it was free, 0 if another has it.
define i64 @try_enter(ptr %pool) nounwind {
  %busy = getelementptr %Pool, ptr %pool, i64 0, i32 6
  %before = atomicrmw xchg ptr %busy, i64 1 acquire
  %free = sub i64 1, %before
  ret i64 %free
}

define void @leave(ptr %pool) nounwind {
  %busy = getelementptr %Pool, ptr %pool, i64 0, i32 6
  store atomic i64 0, ptr %busy release, align 8
  ret void
}

define private void @run_all(ptr %function, ptr %argument, i64 %pieces) nounwind {
entry:
  br label %head
head:
  %piece = phi i64 [ 0, %entry ], [ %next, %body ]
  %more = icmp slt i64 %piece, %pieces
  br i1 %more, label %body, label %end
body:
  call void %function(ptr %argument, i64 %piece)
  %next = add i64 %piece, 1
  br label %head
end:
  ret void
}

; Take pieces and run them until none is left; `number` is the thread's own.
define private void @work(ptr %pool, i64 %number) nounwind {
entry:
  %unfinished = getelementptr %Pool, ptr %pool, i64 0, i32 2
  %job = getelementptr %Pool, ptr %pool, i64 0, i32 4
  %job.argument = getelementptr %Job, ptr %job, i64 0, i32 1
  %job.mode = getelementptr %Job, ptr %job, i64 0, i32 3
  %job.halvings = getelementptr %Job, ptr %job, i64 0, i32 5
  %caller = getelementptr %Pool, ptr %pool, i64 0, i32 8
  br label %look
look:
  %mode.now = phi i64 [ -1, %entry ], [ %mode.now, %take ], [ %mode, %done ], [ %mode, %tell ]
  %untaken = load atomic i64, ptr %pool monotonic, align 8
  %any = icmp ne i64 %untaken, 0
  br i1 %any, label %take, label %end
take:
  %halvings = load atomic i64, ptr %job.halvings monotonic, align 8
  %part = lshr i64 %untaken, %halvings
  %rights = call i64 @llvm.umax.i64(i64 %part, i64 1)
  %fewer = sub i64 %untaken, %rights
  %exchange = cmpxchg ptr %pool, i64 %untaken, i64 %fewer acq_rel monotonic
  %taken = extractvalue { i64, i1 } %exchange, 1
  br i1 %taken, label %read, label %look
read:
  %function = load ptr, ptr %job, align 8
  %argument = load ptr, ptr %job.argument, align 8
  %mode = load i64, ptr %job.mode, align 8
  %same = icmp eq i64 %mode, %mode.now
  br i1 %same, label %begin, label %adopt
adopt:
  ; Whoever runs a piece rounds as the caller does: some libraries change that for the thread that loads them.
  call void @set_float_mode(i64 %mode)
  br label %begin
begin:
  br label %run
run:
  %k = phi i64 [ 0, %begin ], [ %k.next, %run ]
  %piece = call i64 @next_piece(ptr %pool, i64 %number)
  call void %function(ptr %argument, i64 %piece)
  %k.next = add i64 %k, 1
  %more = icmp ult i64 %k.next, %rights
  br i1 %more, label %run, label %done
done:
  %before = atomicrmw sub ptr %unfinished, i64 %rights seq_cst
  %last = icmp eq i64 %before, %rights
  br i1 %last, label %tell, label %look
tell:
  call void @wake(ptr %caller)
  br label %look
end:
  ret void
}

; Nothing is taken of any range.
define private void @begin_ranges(ptr %pool, i64 %ranges) nounwind {
entry:
  br label %body
body:
  %range = phi i64 [ 0, %entry ], [ %next, %body ]
  %taken = call ptr @taken_of(ptr %pool, i64 %range)
  store atomic i64 0, ptr %taken monotonic, align 8
  %next = add i64 %range, 1
  %more = icmp slt i64 %next, %ranges
  br i1 %more, label %body, label %end
end:
  ret void
}

; Where it is counted how many pieces of a range are taken.
define private ptr @taken_of(ptr %pool, i64 %range) nounwind {
  %caller = getelementptr %Pool, ptr %pool, i64 0, i32 8
  %sleepers.place = getelementptr %Pool, ptr %pool, i64 0, i32 6, i32 2
  %sleepers = load ptr, ptr %sleepers.place, align 8
  %worker = sub i64 %range, 1
  %sleeper.of.worker = getelementptr %Sleeper, ptr %sleepers, i64 %worker
  %is.of.caller = icmp eq i64 %range, 0
  %sleeper = select i1 %is.of.caller, ptr %caller, ptr %sleeper.of.worker
  %place = getelementptr %Sleeper, ptr %sleeper, i64 0, i32 3
  ret ptr %place
}

; The piece for who has a right to one: the next of the thread's own range, or of one behind it.
define private i64 @next_piece(ptr %pool, i64 %number) nounwind {
entry:
  %pieces.place = getelementptr %Pool, ptr %pool, i64 0, i32 4, i32 2
  %ranges.place = getelementptr %Pool, ptr %pool, i64 0, i32 4, i32 4
  %pieces = load i64, ptr %pieces.place, align 8
  %ranges = load i64, ptr %ranges.place, align 8
  br label %look
look:
  %k = phi i64 [ %number, %entry ], [ %k.next, %look ]
  %range = urem i64 %k, %ranges
  %place = call ptr @taken_of(ptr %pool, i64 %range)
  %taken = atomicrmw add ptr %place, i64 1 monotonic
  %before = mul i64 %range, %pieces
  %start = udiv i64 %before, %ranges
  %through = add i64 %before, %pieces
  %stop = udiv i64 %through, %ranges
  %piece = add i64 %start, %taken
  %is.inside = icmp ult i64 %piece, %stop
  %k.next = add i64 %k, 1
  br i1 %is.inside, label %found, label %look
found:
  ret i64 %piece
}

; A worker's life: it ends when its flag `stop` is raised. Workers are numbered from 1.
define void @worker(ptr %pool, ptr %sleeper, i64 %number) nounwind {
entry:
  %stop.place = getelementptr %Sleeper, ptr %sleeper, i64 0, i32 2
  br label %next
next:
  call void @wait(ptr @has_work, ptr %pool, ptr %sleeper)
  call void @work(ptr %pool, i64 %number)
  %stop = load atomic i64, ptr %stop.place acquire, align 8
  %over = icmp ne i64 %stop, 0
  br i1 %over, label %end, label %next
end:
  ret void
}

define void @stop_workers(ptr %sleepers, i64 %count) nounwind {
entry:
  br label %head
head:
  %i = phi i64 [ 0, %entry ], [ %next, %body ]
  %more = icmp slt i64 %i, %count
  br i1 %more, label %body, label %end
body:
  %sleeper = getelementptr %Sleeper, ptr %sleepers, i64 %i
  %stop = getelementptr %Sleeper, ptr %sleeper, i64 0, i32 2
  store atomic i64 1, ptr %stop seq_cst, align 8
  call void @wake(ptr %sleeper)
  %next = add i64 %i, 1
  br label %head
end:
  ret void
}

define private i1 @has_work(ptr %pool, ptr %sleeper) nounwind {
  %stop.place = getelementptr %Sleeper, ptr %sleeper, i64 0, i32 2
  %stop = load atomic i64, ptr %stop.place seq_cst, align 8
  %untaken = load atomic i64, ptr %pool seq_cst, align 8
  %either = or i64 %stop, %untaken
  %reason = icmp ne i64 %either, 0
  ret i1 %reason
}

define private i1 @is_finished(ptr %pool, ptr %sleeper) nounwind {
  %place = getelementptr %Pool, ptr %pool, i64 0, i32 2
  %unfinished = load atomic i64, ptr %place seq_cst, align 8
  %none = icmp eq i64 %unfinished, 0
  ret i1 %none
}

; Return when a condition holds: look for a while, then sleep.
define private void @wait(ptr %condition, ptr %pool, ptr %sleeper) nounwind {
entry:
  %team = getelementptr %Pool, ptr %pool, i64 0, i32 6
  %looks.place = getelementptr %Team, ptr %team, i64 0, i32 3
  %lock.place = getelementptr %Sleeper, ptr %sleeper, i64 0, i32 1
  %lock = load ptr, ptr %lock.place, align 8
  br label %begin
begin:
  %looks = load i64, ptr %looks.place, align 8
  br label %look
look:
  %k = phi i64 [ 0, %begin ], [ %k.next, %pause ]
  %holds = call i1 %condition(ptr %pool, ptr %sleeper)
  br i1 %holds, label %end, label %pause
pause:
  call void @pause(i64 1)
  %k.next = add i64 %k, 1
  %tired = icmp sge i64 %k.next, %looks
  br i1 %tired, label %rest, label %look
rest:
  %raised = atomicrmw xchg ptr %sleeper, i64 1 seq_cst
  %holds.now = call i1 %condition(ptr %pool, ptr %sleeper)
  br i1 %holds.now, label %stay, label %sleep
stay:
  ; If the flag is lowered already, the lock is about to be released, and must be acquired.
  %flag = atomicrmw xchg ptr %sleeper, i64 0 seq_cst
  %own = icmp eq i64 %flag, 1
  br i1 %own, label %end, label %sleep
sleep:
  %acquired = call i32 @PyThread_acquire_lock(ptr %lock, i32 1)
  br label %begin
end:
  ret void
}

define private void @wake(ptr %sleeper) nounwind {
entry:
  %asleep = load atomic i64, ptr %sleeper seq_cst, align 8
  %seems = icmp ne i64 %asleep, 0
  br i1 %seems, label %lower, label %end
lower:
  %flag = atomicrmw xchg ptr %sleeper, i64 0 seq_cst
  %is = icmp ne i64 %flag, 0
  br i1 %is, label %release, label %end
release:
  %lock.place = getelementptr %Sleeper, ptr %sleeper, i64 0, i32 1
  %lock = load ptr, ptr %lock.place, align 8
  call void @PyThread_release_lock(ptr %lock)
  br label %end
end:
  ret void
}

define private void @wake_workers(ptr %team, i64 %needed) nounwind {
entry:
  %sleepers.place = getelementptr %Team, ptr %team, i64 0, i32 2
  %sleepers = load ptr, ptr %sleepers.place, align 8
  br label %head
head:
  %i = phi i64 [ 0, %entry ], [ %next, %body ]
  %more = icmp slt i64 %i, %needed
  br i1 %more, label %body, label %end
body:
  %sleeper = getelementptr %Sleeper, ptr %sleepers, i64 %i
  call void @wake(ptr %sleeper)
  %next = add i64 %i, 1
  br label %head
end:
  ret void
}

; Wait so many times the shortest while that the processor offers.
define void @pause(i64 %times) nounwind {
entry:
  br label %body
body:
  %k = phi i64 [ 0, %entry ], [ %next, %body ]
  call void @relax()
  %next = add i64 %k, 1
  %more = icmp slt i64 %next, %times
  br i1 %more, label %body, label %end
end:
  ret void
}
