import { type Bot, type Settings, startBot } from './bot.ts';
import type { TortureConnector } from './connector.ts';

export interface Lives {
  /** Starts the bot; resolves with how long it took until it served, in milliseconds. */
  begin(): Promise<number>;
  kill(): Promise<{ readonly inCommit: boolean }>;
  end(): Promise<number | null>;
  /** The address of the bot that lives, once it serves. */
  readonly address: () => Promise<string>;
  readonly isServing: boolean;
  readonly errors: readonly string[];
}

/** One bot after another on the same record. */
export function livesOf(settings: Settings, connector: TortureConnector): Lives {
  const errors: string[] = [];
  let bot: Bot | undefined;
  let waiting = Promise.withResolvers<string>();
  const forget = (): void => {
    errors.push(...(bot?.errors ?? []));
    bot = undefined;
  };
  return {
    async begin() {
      connector.nextLife();
      const from = performance.now();
      const next = startBot(settings);
      bot = next;
      try {
        const url = await next.serving;
        waiting.resolve(url);
      } catch (error) {
        // Killed before it served, or a bot that cannot start on what a kill left behind.
        if (bot === next) throw error;
      }
      return performance.now() - from;
    },
    async kill() {
      const killed = bot;
      if (!killed) throw new Error('there is no bot to kill');
      forget();
      // Who waits for one that never served goes on waiting for the next.
      if (killed.isServing) waiting = Promise.withResolvers<string>();
      return killed.kill();
    },
    async end() {
      const ended = bot;
      forget();
      return ended ? ended.stop() : 0;
    },
    address: () => waiting.promise,
    get isServing() {
      return bot?.isServing ?? false;
    },
    errors,
  };
}
