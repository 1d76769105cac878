# How many decisions the interpreter makes on a GPU. Run beside vm_rate.cubin: vm_rate.py PATH/micro_op.h; needs CuPy. The second
# program is what MicroOpEncoder makes of the instructions.
import cupy as cp, numpy as np, re, sys
W=np.dtype([('handlers','<u4'),('parts','<u4'),('imm','<u8')])
hdr=open(sys.argv[1]).read()
num={m[0]:int(m[1]) for m in re.findall(r"GBPF_OP_(\w+) = (\d+)",hdr)}
order=re.findall(r"^    (NONE|D|A|DA|BASE_A)\((\w+)\)",hdr,re.M); size={"NONE":1,"D":10,"A":11,"DA":110,"BASE_A":121}
first={};shape={};n=1
for s,o in order: first[o]=n;shape[o]=s;n+=size[s]
print("handlers",n)
def handler(o,d=0,a=0): return first[o]+{"NONE":0,"D":d,"A":a,"DA":11*d+a,"BASE_A":11*d+a}[shape[o]] if o in first else 0
def op(o,d=0,a=0,imm=0,off=0,target=0):
    return (handler(o,d,a)|target<<16, (num[o]|d<<7|a<<11|(off&0x1ffff)<<15)&0xffffffff, imm&(2**64-1))
negated,result=2<<32,1<<32
plain=[op("MOV64",3,1),op("MUL64_I",3,3,0x9E3779B1),op("MOV64",4,2),op("SHR_AND",4,4,-1,3),op("XOR64",3,4),op("MOV64",4,3),op("SHR_AND",4,4,-1,15),op("XOR64",3,4),op("MUL64_I",3,3,0x85EBCA77),op("MOV64",5,3),op("AND64_I",5,5,255),op("MOV64",6,2),op("AND64_I",6,6,255),op("MOV64_I",0,0,8),op("JLT64",5,6,negated,3,handler("EXIT")),op("MOV64",0,3),op("SHR_AND",0,0,-1,8),op("AND64_I",0,0,7),op("EXIT"),op("EXIT")]
fused=[op("MUL64_I",3,1,0x9E3779B1),op("MIX",3,2,0x85EBCA77,3|15<<7),op("AND64_I",5,3,255),op("AND64_I",6,2,255),op("JLT64",5,6,negated|result|8,1,handler("EXIT")),op("RETURN_SHR_AND",0,3,7,8),op("EXIT"),op("EXIT")]
m=cp.RawModule(path="vm_rate.cubin"); k=m.get_function("k")
def body(a,b):
    M=np.uint64(0xffffffffffffffff); a=a.astype(np.uint64);b=b.astype(np.uint64)
    x=(a*np.uint64(0x9E3779B1))^(b>>np.uint64(3)); x^=x>>np.uint64(15); x=x*np.uint64(0x85EBCA77)
    return np.where((x&np.uint64(255))<(b&np.uint64(255)),(x>>np.uint64(8))&np.uint64(7),np.uint64(8))
def ref(T,n):
    t=np.arange(T,dtype=np.uint64); acc=np.zeros(T,np.uint64)
    for i in range(n): acc+=body((t+np.uint64(i))&np.uint64(0xffffffff),(acc+np.uint64(i))&np.uint64(0xffffffff))
    return acc
def t(p,B,T,n,reps=5):
    d=cp.asarray(np.array(p,dtype=W).view(np.uint8)); o=cp.zeros(B*T,cp.uint64); ts=[]
    for _ in range(reps):
        a,b=cp.cuda.Event(),cp.cuda.Event(); a.record(); k((B,),(T,),(np.int32(n),d,np.int32(len(p)),o)); b.record(); b.synchronize(); ts.append(cp.cuda.get_elapsed_time(a,b))
    return sorted(ts)[reps//2],o.get()
for name,p in (("18 instructions, as they are",plain),("as the encoder makes it",fused)):
    ms,o=t(p,1,32,1000); print(name,len(p)-1,"operations; right:",bool((o==ref(32,1000)).all()))
    for B,T in ((132,256),(264,256),(528,128),(528,256),(264,512),(1056,128)):
        ms,o=t(p,B,T,1000); print(f"  {B} x {T}: {B*T*1000/ms/1e6:.1f} G/s")
    ms,o=t(p,1,32,20000); print(f"  one warp: {ms*1e6/20000:.1f} ns")
