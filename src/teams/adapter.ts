import type { Activity, InvokeResponse, TurnContext } from 'botbuilder';
import type { AuthenticateRequestResult, ConnectorClient } from 'botframework-connector';
import { z } from 'zod/v4';

/** How Baton shows Teams who it is; no app id: activities are not signed and only this machine is heard. */
export interface Registration {
  readonly appId?: string | undefined;
  readonly appType?: string | undefined;
  readonly tenantId?: string | undefined;
  readonly password?: string | undefined;
  /** Where the keys of the Bot Framework's tokens are published; theirs when absent. */
  readonly openIdMetadataUrl?: string | undefined;
}

/** What is used of botbuilder's adapter: who signed, one turn, and the way out. */
export interface Adapter {
  /** Checks the token against the activity. Throws when it is missing, wrong, or not for this bot. */
  authenticate(activity: Activity, authorization: string): Promise<AuthenticateRequestResult>;
  run(
    signed: AuthenticateRequestResult,
    activity: Activity,
    logic: (context: TurnContext) => Promise<void>,
  ): Promise<InvokeResponse | undefined>;
  /** A connector to one service URL that makes one request for one call. */
  connector(serviceUrl: string): Promise<ConnectorClient>;
}

/** The policies that would send a request again by themselves, or take it and its token elsewhere. */
const AGAIN_BY_ITSELF = ['defaultRetryPolicy', 'redirectPolicy'];

const Pipeline = z.custom<{ removePolicy(options: { name: string }): readonly unknown[] }>(
  (value) => typeof value === 'object' && value !== null && 'removePolicy' in value,
);
const WithPipeline = z.object({ client: z.object({ pipeline: Pipeline }) });

/** Loads teams-ai, which takes about a second, and makes its adapter. */
export async function openAdapter(registration: Registration): Promise<Adapter> {
  const { TeamsAdapter } = await import('@microsoft/teams-ai');
  const { AuthenticationConstants } = await import('botframework-connector');
  const { appId, appType, tenantId, password, openIdMetadataUrl } = registration;

  class BatonAdapter extends TeamsAdapter {
    authenticate(activity: Activity, authorization: string): Promise<AuthenticateRequestResult> {
      return this.botFrameworkAuthentication.authenticateRequest(activity, authorization);
    }

    run(
      signed: AuthenticateRequestResult,
      activity: Activity,
      logic: (context: TurnContext) => Promise<void>,
    ): Promise<InvokeResponse | undefined> {
      return this.processActivity(signed, activity, logic);
    }

    async open(serviceUrl: string): Promise<ConnectorClient> {
      const factory = this.botFrameworkAuthentication.createConnectorFactory(
        this.createClaimsIdentity(appId ?? ''),
      );
      return factory.create(serviceUrl);
    }
  }

  const adapter = new BatonAdapter({
    MicrosoftAppId: appId ?? '',
    ...(appType && { MicrosoftAppType: appType }),
    ...(tenantId && { MicrosoftAppTenantId: tenantId }),
    ...(password && { MicrosoftAppPassword: password }),
    // With one address of its own the library takes none of its defaults, so all are given.
    ...(openIdMetadataUrl && {
      ToBotFromChannelOpenIdMetadataUrl: openIdMetadataUrl,
      ToBotFromChannelTokenIssuer: AuthenticationConstants.ToBotFromChannelTokenIssuer,
      ToBotFromEmulatorOpenIdMetadataUrl: AuthenticationConstants.ToBotFromEmulatorOpenIdMetadataUrl,
      ToChannelFromBotLoginUrl: AuthenticationConstants.ToChannelFromBotLoginUrl,
      ToChannelFromBotOAuthScope: AuthenticationConstants.ToChannelFromBotOAuthScope,
      OAuthUrl: AuthenticationConstants.OAuthUrl,
    }),
  });

  const connectors = new Map<string, Promise<ConnectorClient>>();
  return {
    authenticate: (activity, authorization) => adapter.authenticate(activity, authorization),
    run: (signed, activity, logic) => adapter.run(signed, activity, logic),
    connector(serviceUrl) {
      const known = connectors.get(serviceUrl);
      if (known) return known;
      const opening = adapter.open(serviceUrl).then(withoutRetries);
      connectors.set(serviceUrl, opening);
      opening.catch(() => connectors.delete(serviceUrl));
      return opening;
    },
  };
}

/**
 * The connector has no option for this, so its pipeline is changed where it stands. It fails loudly should a
 * release move it: a connector that sends twice by itself makes every "unknown" outcome a lie.
 */
function withoutRetries(connector: ConnectorClient): ConnectorClient {
  const { client } = WithPipeline.parse(connector);
  for (const name of AGAIN_BY_ITSELF) {
    if (client.pipeline.removePolicy({ name }).length === 0) {
      throw new Error(`the connector has no ${name} to switch off`);
    }
  }
  return connector;
}
