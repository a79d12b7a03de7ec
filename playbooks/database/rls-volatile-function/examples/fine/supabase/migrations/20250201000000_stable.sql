alter function private.is_member(uuid) stable;
