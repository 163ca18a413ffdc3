/**
 * A thread of a channel is a conversation of its own, `19:abc@thread.tacv2;messageid=123`; the channel is what
 * stands before the semicolon.
 */
export function normaliseConversation(conversationId: string): string {
  return conversationId.replace(/;.*$/s, '');
}
